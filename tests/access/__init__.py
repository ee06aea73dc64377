"""Who gets what, of everything that the product answers; matrix.yaml is the table."""
