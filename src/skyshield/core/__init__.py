"""What every room stands on: errors, files, units, the plane, random streams and the compiler."""
