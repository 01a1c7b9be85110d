-- Numbers as a list in JSON, as the other engine gathers them.
CREATE FUNCTION numbers_as_json(numbers BIGINT[]) RETURNS TEXT LANGUAGE SQL IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_json(numbers)::TEXT
$$;
CREATE AGGREGATE json_group_array(BIGINT) (
    SFUNC = array_append, STYPE = BIGINT[], INITCOND = '{}', FINALFUNC = numbers_as_json
);
