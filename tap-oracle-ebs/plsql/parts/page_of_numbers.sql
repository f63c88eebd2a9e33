-- One page of the candidates' ids, in order, and the row after it.
SELECT p.row_key
BULK COLLECT INTO l_page
FROM (
  SELECT
    TO_CHAR(c.id) AS row_key,
    ROW_NUMBER() OVER (ORDER BY c.id) AS place
  FROM candidates c
  WHERE c.id > q.after_number_1
) p
WHERE p.place > q.row_offset AND p.place <= q.row_last
ORDER BY p.place;
