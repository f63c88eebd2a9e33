judged AS (
  SELECT
    c.document_type,
    c.document_id,
    c.line_id,
    c.line_place,
    c.code_combination_id,
    CASE
      WHEN g.code_combination_id IS NULL THEN 'is unknown'
      WHEN COALESCE(g.enabled_flag, 'N') <> 'Y' THEN 'is disabled'
      WHEN COALESCE(g.summary_flag, 'Y') <> 'N' THEN 'is a summary account'
      WHEN g.template_id IS NOT NULL THEN 'is a template account'
      WHEN g.detail_posting_allowed_flag = 'N' THEN 'allows no detail posting'
      WHEN g.start_date_active > c.judged_on OR c.judged_on - g.end_date_active >= 1
        THEN 'is not active on ' || TO_CHAR(c.judged_on, 'YYYY-MM-DD')
    END AS fault
  FROM charges c
  LEFT JOIN gl_code_combinations g ON c.code_combination_id = g.code_combination_id
  WHERE o.validate_gl = 'Y' AND c.code_combination_id IS NOT NULL
),

faults AS (
  SELECT
    j.document_type,
    j.document_id,
    j.line_id,
    j.code_combination_id,
    'account ' || TO_CHAR(j.code_combination_id) || ' ' || j.fault AS reason,
    ROW_NUMBER() OVER (
      PARTITION BY j.document_type, j.document_id
      ORDER BY j.line_id, j.line_place
    ) AS place
  FROM judged j
  WHERE j.fault IS NOT NULL
)
