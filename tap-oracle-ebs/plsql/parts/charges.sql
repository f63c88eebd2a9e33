SELECT
  'purchase_order' AS document_type,
  d.po_header_id AS document_id,
  d.po_distribution_id AS line_id,
  1 AS line_place,
  d.code_combination_id,
  o.as_of AS judged_on
FROM po_distributions_all d
WHERE d.po_header_id IN (SELECT h.document_id FROM purchase_orders h)
UNION ALL
SELECT
  'supplier_invoice' AS document_type,
  d.invoice_id AS document_id,
  d.invoice_distribution_id AS line_id,
  1 AS line_place,
  d.dist_code_combination_id AS code_combination_id,
  COALESCE(d.accounting_date, i.invoice_date, o.as_of) AS judged_on
FROM ap_invoice_distributions_all d
INNER JOIN ap_invoices_all i ON d.invoice_id = i.invoice_id
WHERE d.invoice_id IN (SELECT x.document_id FROM invoices x)
UNION ALL
SELECT
  'sales_order' AS document_type,
  h.document_id,
  u.site_use_id AS line_id,
  1 AS line_place,
  u.gl_id_rec AS code_combination_id,
  o.as_of AS judged_on
FROM sales_orders h
INNER JOIN hz_cust_site_uses_all u ON h.invoice_to_org_id = u.site_use_id
UNION ALL
SELECT
  'sales_order' AS document_type,
  h.document_id,
  u.site_use_id AS line_id,
  2 AS line_place,
  u.gl_id_rev AS code_combination_id,
  o.as_of AS judged_on
FROM sales_orders h
INNER JOIN hz_cust_site_uses_all u ON h.invoice_to_org_id = u.site_use_id
UNION ALL
SELECT
  'receivable' AS document_type,
  t.document_id,
  u.site_use_id AS line_id,
  1 AS line_place,
  u.gl_id_rec AS code_combination_id,
  o.as_of AS judged_on
FROM transactions t
INNER JOIN ar_payment_schedules_all s ON t.document_id = s.customer_trx_id
INNER JOIN hz_cust_site_uses_all u ON s.customer_site_use_id = u.site_use_id
WHERE s.payment_schedule_id > 0 AND s.class IN ('INV', 'DM', 'CM', 'CB')
UNION ALL
SELECT
  'receivable' AS document_type,
  t.document_id,
  u.site_use_id AS line_id,
  2 AS line_place,
  u.gl_id_rev AS code_combination_id,
  o.as_of AS judged_on
FROM transactions t
INNER JOIN ar_payment_schedules_all s ON t.document_id = s.customer_trx_id
INNER JOIN hz_cust_site_uses_all u ON s.customer_site_use_id = u.site_use_id
WHERE s.payment_schedule_id > 0 AND s.class IN ('INV', 'DM', 'CM', 'CB')
