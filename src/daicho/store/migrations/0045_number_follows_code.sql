-- kinds: registry, cs, prefecture, national
-- 住民票コードの変更: a number is sealed for its code, so that it is sealed anew when the code is replaced. Its keeper may do
-- that and no other rewriting: what is sealed changes only together with whose it is.

CREATE FUNCTION numbers.follow_codes(former text[], present text[], resealed bytea[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE numbers.individual_number n SET resident_record_code = d.present, sealed = d.resealed
    FROM unnest(former, present, resealed) AS d (former, present, resealed)
    WHERE n.resident_record_code = d.former AND n.state = 'current' AND d.present <> d.former
$$;
REVOKE ALL ON FUNCTION numbers.follow_codes(text[], text[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION numbers.follow_codes(text[], text[], bytea[]) TO :numbers;
