UNION ALL
SELECT
  'site_use' AS document_type,
  u.site_use_id AS document_id,
  u.site_use_id AS line_id,
  1 AS line_place,
  u.gl_id_rec AS code_combination_id,
  o.as_of AS judged_on
FROM hz_cust_site_uses_all u
WHERE u.site_use_id IN (SELECT x.document_id FROM site_uses x)
UNION ALL
SELECT
  'site_use' AS document_type,
  u.site_use_id AS document_id,
  u.site_use_id AS line_id,
  2 AS line_place,
  u.gl_id_rev AS code_combination_id,
  o.as_of AS judged_on
FROM hz_cust_site_uses_all u
WHERE u.site_use_id IN (SELECT x.document_id FROM site_uses x)
