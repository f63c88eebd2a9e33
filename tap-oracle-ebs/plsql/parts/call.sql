p_last_update_from,
p_last_update_to,
p_last_key,
p_limit,
p_offset,
p_org_id,
p_keys,
p_keys_only
