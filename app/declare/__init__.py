"""The words of a declaration: kinds, fields, records, forms, duties; checked as a class is made."""
