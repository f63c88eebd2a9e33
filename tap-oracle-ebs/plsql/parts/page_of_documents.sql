-- One page of the candidates by kind and id, and the row after it.
SELECT p.row_key
BULK COLLECT INTO l_page
FROM (
  SELECT
    c.document_type || '~' || TO_CHAR(c.document_id) AS row_key,
    ROW_NUMBER() OVER (ORDER BY NLSSORT(c.document_type, 'NLS_SORT=BINARY'), c.document_id) AS place
  FROM candidates c
  WHERE
    NLSSORT(c.document_type, 'NLS_SORT=BINARY') > NLSSORT(q.after_text_1, 'NLS_SORT=BINARY')
    OR (c.document_type = q.after_text_1 AND c.document_id > q.after_number_2)
) p
WHERE p.place > q.row_offset AND p.place <= q.row_last
ORDER BY p.place;
