-- Which copy a slip is whose original came out before; null for an original.
ALTER TABLE prints ADD COLUMN copy INTEGER;
