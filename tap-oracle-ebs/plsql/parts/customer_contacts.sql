  PROCEDURE page_of_given_contacts(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH candidates AS (
      SELECT r.cust_account_role_id AS id
      FROM hz_cust_account_roles r
      LEFT JOIN hz_cust_acct_sites_all s ON r.cust_acct_site_id = s.cust_acct_site_id
      WHERE
        r.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
        AND r.role_type = 'CONTACT'
        AND @unit(s)
    )

    @include page_of_numbers
  END page_of_given_contacts;

  PROCEDURE page_of_all_contacts(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH candidates AS (
      SELECT r.cust_account_role_id AS id
      FROM hz_cust_account_roles r
      LEFT JOIN hz_cust_acct_sites_all s ON r.cust_acct_site_id = s.cust_acct_site_id
      WHERE r.role_type = 'CONTACT' AND @unit(s)
    )

    @include page_of_numbers
  END page_of_all_contacts;

  PROCEDURE page_of_changed_contacts(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH touched AS (
      SELECT r.cust_account_role_id AS id
      FROM hz_cust_account_roles r
      WHERE @changed(r)
      UNION
      SELECT r.cust_account_role_id
      FROM hz_cust_accounts a
      INNER JOIN hz_cust_account_roles r ON a.cust_account_id = r.cust_account_id
      WHERE @changed(a)
      UNION
      SELECT r.cust_account_role_id
      FROM hz_cust_acct_sites_all s
      INNER JOIN hz_cust_account_roles r ON s.cust_acct_site_id = r.cust_acct_site_id
      WHERE @changed(s)
      UNION
      SELECT r.cust_account_role_id
      FROM hz_relationships h
      INNER JOIN hz_cust_account_roles r ON h.party_id = r.party_id
      WHERE @changed(h) AND h.subject_type = 'PERSON'
      UNION
      SELECT r.cust_account_role_id
      FROM hz_org_contacts o
      INNER JOIN hz_relationships h ON o.party_relationship_id = h.relationship_id
      INNER JOIN hz_cust_account_roles r ON h.party_id = r.party_id
      WHERE @changed(o)
      UNION
      SELECT r.cust_account_role_id
      FROM hz_parties p
      INNER JOIN hz_cust_account_roles r ON p.party_id = r.party_id
      WHERE @changed(p)
      UNION
      SELECT r.cust_account_role_id
      FROM hz_parties p
      INNER JOIN hz_relationships h ON p.party_id = h.subject_id
      INNER JOIN hz_cust_account_roles r ON h.party_id = r.party_id
      WHERE @changed(p) AND h.subject_type = 'PERSON'
      UNION
      SELECT r.cust_account_role_id
      FROM hz_contact_points c
      INNER JOIN hz_cust_account_roles r ON c.owner_table_id = r.party_id
      WHERE @changed(c) AND c.owner_table_name = 'HZ_PARTIES'
    ),

    candidates AS (
      SELECT r.cust_account_role_id AS id
      FROM hz_cust_account_roles r
      LEFT JOIN hz_cust_acct_sites_all s ON r.cust_acct_site_id = s.cust_acct_site_id
      WHERE
        r.cust_account_role_id IN (SELECT t.id FROM touched t)
        AND r.role_type = 'CONTACT'
        AND @unit(s)
    )

    @include page_of_numbers
  END page_of_changed_contacts;

  PROCEDURE customer_contacts(
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
      page_of_given_contacts(q, l_page);
    ELSIF q.has_start = 'N' THEN
      page_of_all_contacts(q, l_page);
    ELSE
      page_of_changed_contacts(q, l_page);
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
        x_rows(i).cust_account_role_id := l_page(i);
      END LOOP;
    ELSE
      WITH page AS (
        SELECT
          r.cust_account_role_id,
          r.cust_account_id,
          r.cust_acct_site_id,
          r.party_id,
          r.status,
          r.creation_date,
          r.last_update_date,
          a.account_number,
          a.status AS account_status,
          a.party_id AS account_party_id,
          a.last_update_date AS account_changed,
          s.org_id,
          s.last_update_date AS site_changed
        FROM hz_cust_account_roles r
        LEFT JOIN hz_cust_accounts a ON r.cust_account_id = a.cust_account_id
        LEFT JOIN hz_cust_acct_sites_all s ON r.cust_acct_site_id = s.cust_acct_site_id
        WHERE r.cust_account_role_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(l_page) k)
      ),

      -- Each relationship has a row per direction: the one whose subject is the person counts.
      relationships AS (
        SELECT
          g.cust_account_role_id,
          h.relationship_id,
          h.subject_id,
          h.status,
          h.last_update_date,
          ROW_NUMBER() OVER (
            PARTITION BY g.cust_account_role_id
            ORDER BY
              CASE WHEN h.object_id = g.account_party_id THEN 0 ELSE 1 END,
              h.relationship_id,
              h.directional_flag
          ) AS place
        FROM page g
        INNER JOIN hz_relationships h ON g.party_id = h.party_id
        WHERE h.subject_type = 'PERSON'
      ),

      titles AS (
        SELECT
          h.cust_account_role_id,
          o.job_title,
          o.contact_number,
          o.last_update_date,
          ROW_NUMBER() OVER (PARTITION BY h.cust_account_role_id ORDER BY o.org_contact_id) AS place
        FROM relationships h
        INNER JOIN hz_org_contacts o ON h.relationship_id = o.party_relationship_id
        WHERE h.place = 1
      ),

      points AS (
        SELECT
          c.contact_point_id,
          c.owner_table_id AS party_id,
          c.contact_point_type,
          c.email_address,
          c.phone_country_code,
          c.phone_area_code,
          c.phone_number,
          c.phone_extension,
          c.last_update_date,
          CASE
            WHEN c.status <> 'A' OR c.status IS NULL THEN 'N'
            WHEN c.contact_point_type = 'EMAIL' AND c.email_address IS NOT NULL THEN 'E'
            WHEN
              c.contact_point_type = 'PHONE'
              AND c.phone_number IS NOT NULL
              AND COALESCE(c.phone_line_type, 'GEN') <> 'FAX' THEN 'P'
            ELSE 'N'
          END AS use_as,
          CASE WHEN c.primary_flag = 'Y' THEN 0 ELSE 1 END AS preference
        FROM hz_contact_points c
        WHERE
          c.owner_table_name = 'HZ_PARTIES'
          AND c.owner_table_id IN (SELECT g.party_id FROM page g)
      ),

      best_points AS (
        SELECT
          c.party_id,
          c.use_as,
          c.email_address,
          c.phone_country_code,
          c.phone_area_code,
          c.phone_number,
          c.phone_extension,
          ROW_NUMBER() OVER (
            PARTITION BY c.party_id, c.use_as
            ORDER BY c.preference, c.contact_point_id
          ) AS place
        FROM points c
      ),

      point_changes AS (
        SELECT
          c.party_id,
          MAX(c.last_update_date) AS changed
        FROM points c
        GROUP BY c.party_id
      )

      SELECT
        TO_CHAR(r.cust_account_role_id) AS cust_account_role_id,
        TO_CHAR(r.cust_account_id) AS cust_account_id,
        r.account_number,
        r.account_status,
        TO_CHAR(r.cust_acct_site_id) AS cust_acct_site_id,
        TO_CHAR(r.org_id) AS org_id,
        TO_CHAR(r.party_id) AS party_id,
        TO_CHAR(h.subject_id) AS person_party_id,
        t.contact_number,
        n.person_first_name AS first_name,
        n.person_last_name AS last_name,
        n.party_name AS name,
        t.job_title,
        COALESCE(e.email_address, p.email_address) AS email,
        CASE WHEN f.place = 1 THEN f.phone_country_code ELSE p.primary_phone_country_code END
        AS phone_country_code,
        CASE WHEN f.place = 1 THEN f.phone_area_code ELSE p.primary_phone_area_code END
        AS phone_area_code,
        CASE WHEN f.place = 1 THEN f.phone_number ELSE p.primary_phone_number END
        AS phone_number,
        CASE WHEN f.place = 1 THEN f.phone_extension ELSE p.primary_phone_extension END
        AS phone_extension,
        r.status AS role_status,
        h.status AS relationship_status,
        CASE WHEN r.status = 'A' AND h.status = 'A' THEN 'A' ELSE 'I' END AS status,
        @date(r.creation_date) AS creation_date,
        TO_CHAR(GREATEST(
          r.last_update_date,
          COALESCE(r.account_changed, r.last_update_date),
          COALESCE(r.site_changed, r.last_update_date),
          COALESCE(h.last_update_date, r.last_update_date),
          COALESCE(t.last_update_date, r.last_update_date),
          COALESCE(p.last_update_date, r.last_update_date),
          COALESCE(n.last_update_date, r.last_update_date),
          COALESCE(d.changed, r.last_update_date)
        ), c_mask) AS last_update_date
      BULK COLLECT INTO x_rows
      FROM page r
      LEFT JOIN relationships h ON r.cust_account_role_id = h.cust_account_role_id AND h.place = 1
      LEFT JOIN titles t ON r.cust_account_role_id = t.cust_account_role_id AND t.place = 1
      LEFT JOIN hz_parties p ON r.party_id = p.party_id
      LEFT JOIN hz_parties n ON h.subject_id = n.party_id
      LEFT JOIN best_points e ON r.party_id = e.party_id AND e.use_as = 'E' AND e.place = 1
      LEFT JOIN best_points f ON r.party_id = f.party_id AND f.use_as = 'P' AND f.place = 1
      LEFT JOIN point_changes d ON r.party_id = d.party_id
      ORDER BY r.cust_account_role_id;
    END IF;
    x_return_status := 'S';
  @include failures
  END customer_contacts;
