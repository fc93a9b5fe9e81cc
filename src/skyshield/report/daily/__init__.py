"""The daily report of a watched ceasefire, as a page, on paper and as data, in English or Ukrainian."""
