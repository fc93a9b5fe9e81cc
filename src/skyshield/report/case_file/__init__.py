"""The file of a case: a folder that is read and checked without the program."""
