-- Held for a change that is made beside this one; nothing here.
SELECT 1;
