changed_accounts AS (
  SELECT g.code_combination_id
  FROM gl_code_combinations g
  WHERE
    o.validate_gl = 'Y'
    AND (
      @changed(g)
      OR (@crossed(g.start_date_active))
      OR (@crossed(LEAST(g.end_date_active, DATE '9999-12-30') + 1))
    )
)
