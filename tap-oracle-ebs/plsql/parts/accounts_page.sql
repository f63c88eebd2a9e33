  PROCEDURE page_of_given_accounts(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH candidates AS (
      SELECT a.cust_account_id AS id
      FROM hz_cust_accounts a
      WHERE a.cust_account_id IN (SELECT TO_NUMBER(k.column_value) FROM TABLE(q.keys) k)
    )

    @include page_of_numbers
  END page_of_given_accounts;

  -- Without a start every account belongs to the range.
  PROCEDURE page_of_all_accounts(
    q IN request_r,
    l_page OUT NOCOPY sys.odcivarchar2list
  )
  IS
  BEGIN
    WITH candidates AS (
      SELECT a.cust_account_id AS id
      FROM hz_cust_accounts a
    )

    @include page_of_numbers
  END page_of_all_accounts;
