  PROCEDURE page_of_changed_customers(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH candidates AS (
      SELECT a.cust_account_id AS id
      FROM hz_cust_accounts a
      WHERE @changed(a)
      UNION
      SELECT a.cust_account_id
      FROM hz_parties p
      INNER JOIN hz_cust_accounts a ON p.party_id = a.party_id
      WHERE @changed(p)
      UNION
      SELECT s.cust_account_id
      FROM hz_cust_acct_sites_all s
      WHERE @changed(s) AND @unit(s)
      UNION
      SELECT s.cust_account_id
      FROM hz_cust_site_uses_all u
      INNER JOIN hz_cust_acct_sites_all s ON u.cust_acct_site_id = s.cust_acct_site_id
      WHERE @changed(u) AND @unit(u) AND @unit(s)
      UNION
      SELECT s.cust_account_id
      FROM hz_party_sites ps
      INNER JOIN hz_cust_acct_sites_all s ON ps.party_site_id = s.party_site_id
      WHERE @changed(ps) AND @unit(s)
      UNION
      SELECT s.cust_account_id
      FROM hz_locations l
      INNER JOIN hz_party_sites ps ON l.location_id = ps.location_id
      INNER JOIN hz_cust_acct_sites_all s ON ps.party_site_id = s.party_site_id
      WHERE @changed(l) AND @unit(s)
      UNION
      SELECT f.cust_account_id
      FROM hz_customer_profiles f
      WHERE @changed(f)
      UNION
      SELECT m.cust_account_id
      FROM hz_cust_profile_amts m
      WHERE @changed(m)
      UNION
      SELECT f.cust_account_id
      FROM ra_terms t
      INNER JOIN hz_customer_profiles f ON t.term_id = f.standard_terms
      WHERE @changed(t)
      UNION
      SELECT s.cust_account_id
      FROM ra_terms t
      INNER JOIN hz_cust_site_uses_all u ON t.term_id = u.payment_term_id
      INNER JOIN hz_cust_acct_sites_all s ON u.cust_acct_site_id = s.cust_acct_site_id
      WHERE @changed(t) AND @unit(u) AND @unit(s)
    )

    -- A profile may belong to no account: only accounts that exist make rows, and a full page.
    SELECT p.row_key
    BULK COLLECT INTO l_page
    FROM (
      SELECT
        TO_CHAR(a.cust_account_id) AS row_key,
        ROW_NUMBER() OVER (ORDER BY a.cust_account_id) AS place
      FROM hz_cust_accounts a
      WHERE
        a.cust_account_id IN (SELECT c.id FROM candidates c)
        AND a.cust_account_id > q.after_number_1
    ) p
    WHERE p.place > q.row_offset AND p.place <= q.row_last
    ORDER BY p.place;
  END page_of_changed_customers;

  PROCEDURE customers(
    @parameters
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      'N',
      'N',
      @include call
    );

    IF q.keys IS NOT NULL THEN
      page_of_given_accounts(q, l_page);
    ELSIF q.has_start = 'N' THEN
      page_of_all_accounts(q, l_page);
    ELSE
      page_of_changed_customers(q, l_page);
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).cust_account_id := l_page(i);
      END LOOP;
    ELSE
      WITH page AS (
        SELECT
          a.cust_account_id,
          a.account_number,
          a.account_name,
          a.status,
          a.customer_class_code,
          a.customer_type,
          a.party_id,
          a.creation_date,
          a.last_update_date
        FROM hz_cust_accounts a
        WHERE a.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ),

      site_uses AS (
        SELECT
          s.cust_account_id,
          u.site_use_id,
          u.site_use_code,
          u.org_id,
          l.address1,
          l.address2,
          l.address3,
          l.address4,
          l.city,
          l.county,
          l.state,
          l.province,
          l.postal_code,
          l.country,
          t.name AS terms,
          GREATEST(
            s.last_update_date,
            COALESCE(u.last_update_date, s.last_update_date),
            COALESCE(ps.last_update_date, s.last_update_date),
            COALESCE(l.last_update_date, s.last_update_date),
            COALESCE(t.last_update_date, s.last_update_date)
          ) AS changed,
          ROW_NUMBER() OVER (
            PARTITION BY s.cust_account_id, u.site_use_code
            ORDER BY
              CASE WHEN u.status = 'A' AND s.status = 'A' THEN 0 ELSE 1 END,
              CASE WHEN u.primary_flag = 'Y' THEN 0 ELSE 1 END,
              @preference(u),
              COALESCE(u.org_id, -1),
              u.site_use_id
          ) AS place
        FROM hz_cust_acct_sites_all s
        LEFT JOIN hz_cust_site_uses_all u ON s.cust_acct_site_id = u.cust_acct_site_id AND @unit(u)
        LEFT JOIN hz_party_sites ps ON s.party_site_id = ps.party_site_id
        LEFT JOIN hz_locations l ON ps.location_id = l.location_id
        LEFT JOIN ra_terms t ON u.payment_term_id = t.term_id
        WHERE
          s.cust_account_id IN (SELECT g.cust_account_id FROM page g)
          AND @unit(s)
      ),

      profiles AS (
        SELECT
          f.cust_account_id,
          f.credit_hold,
          t.name AS terms,
          GREATEST(f.last_update_date, COALESCE(t.last_update_date, f.last_update_date)) AS changed,
          -- The first is that of the account itself: active before inactive, then the oldest.
          CASE WHEN f.site_use_id IS NULL THEN 'Y' ELSE 'N' END AS is_account_level,
          ROW_NUMBER() OVER (
            PARTITION BY f.cust_account_id, CASE WHEN f.site_use_id IS NULL THEN 'Y' ELSE 'N' END
            ORDER BY CASE WHEN f.status = 'A' THEN 0 ELSE 1 END, f.cust_account_profile_id
          ) AS place
        FROM hz_customer_profiles f
        LEFT JOIN ra_terms t ON f.standard_terms = t.term_id
        WHERE f.cust_account_id IN (SELECT g.cust_account_id FROM page g)
      ),

      changes AS (
        SELECT
          c.cust_account_id,
          MAX(c.changed) AS changed
        FROM (
          SELECT
            g.cust_account_id,
            g.last_update_date AS changed
          FROM page g
          UNION ALL
          SELECT
            g.cust_account_id,
            p.last_update_date AS changed
          FROM page g
          INNER JOIN hz_parties p ON g.party_id = p.party_id
          UNION ALL
          SELECT
            u.cust_account_id,
            u.changed
          FROM site_uses u
          UNION ALL
          SELECT
            f.cust_account_id,
            f.changed
          FROM profiles f
          UNION ALL
          SELECT
            m.cust_account_id,
            m.last_update_date AS changed
          FROM hz_cust_profile_amts m
          WHERE m.cust_account_id IN (SELECT g.cust_account_id FROM page g)
        ) c
        GROUP BY c.cust_account_id
      )

      SELECT
        TO_CHAR(a.cust_account_id) AS cust_account_id,
        a.account_number,
        a.account_name,
        a.status,
        a.customer_class_code,
        a.customer_type,
        TO_CHAR(a.party_id) AS party_id,
        p.party_number,
        p.party_name,
        p.party_type,
        p.status AS party_status,
        p.email_address AS email,
        p.primary_phone_country_code AS phone_country_code,
        p.primary_phone_area_code AS phone_area_code,
        p.primary_phone_number AS phone_number,
        p.primary_phone_extension AS phone_extension,
        p.url,
        COALESCE(p.tax_reference, p.jgzz_fiscal_code) AS tax_reference,
        @date(a.creation_date) AS creation_date,
        TO_CHAR(b.site_use_id) AS site_use_id,
        TO_CHAR(b.org_id) AS org_id,
        b.address1,
        b.address2,
        b.address3,
        b.address4,
        b.city,
        b.county,
        b.state,
        b.province,
        b.postal_code,
        b.country,
        COALESCE(f.terms, b.terms) AS terms,
        CASE WHEN f.credit_hold IN ('Y', 'N') THEN f.credit_hold END AS credit_hold,
        @date(c.changed) AS last_update_date
      BULK COLLECT INTO x_rows
      FROM page a
      INNER JOIN changes c ON a.cust_account_id = c.cust_account_id
      LEFT JOIN hz_parties p ON a.party_id = p.party_id
      LEFT JOIN site_uses b
        ON
          a.cust_account_id = b.cust_account_id
          AND b.site_use_code = 'BILL_TO'
          AND b.place = 1
      LEFT JOIN profiles f
        ON
          a.cust_account_id = f.cust_account_id
          AND f.is_account_level = 'Y'
          AND f.place = 1
      ORDER BY a.cust_account_id;

      SELECT
        TO_CHAR(m.cust_account_id) AS cust_account_id,
        m.currency_code,
        @number(m.overall_credit_limit) AS overall_credit_limit,
        @number(m.trx_credit_limit) AS trx_credit_limit
      BULK COLLECT INTO x_limits
      FROM hz_cust_profile_amts m
      WHERE
        m.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
        AND m.site_use_id IS NULL
        AND m.currency_code IS NOT NULL
      ORDER BY m.cust_account_id, NLSSORT(m.currency_code, 'NLS_SORT=BINARY'), m.cust_acct_profile_amt_id;
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      x_limits.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      x_limits.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END customers;
