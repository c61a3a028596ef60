-- Nobody was told of what was broken when it was first looked at, nor of what stayed unclear. Such a cell is not known (again): the
-- next looks confirm how it is, and that is told, with the time since which it has been so. What a change was written of, or
-- an alert is open about, was told, and is left as it is.
UPDATE cells SET turning = NULL, cell =
    '{"state":"not-known","advertised":false,"causes":[],"answer":"","remedy":"","standing":"' ||
    CASE WHEN cell LIKE '%"standing":"no-rule"}' THEN 'no-rule' ELSE 'undecided' END || '"}'
WHERE (cell LIKE '{"state":"unreachable",%' OR cell LIKE '{"state":"unclear",%' OR cell LIKE '%"standing":"undecided"}')
    AND cell NOT LIKE '{"state":"throttled",%'
    AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.target = cells.target AND c.module = cells.module
        AND c.endpoint = cells.endpoint AND c.method = cells.method AND c.at = cells.since
        AND cells.cell NOT LIKE '{"state":"unclear",%')
    AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.closes = 0 AND a.identity =
        'cell
' || cells.target || '
' || cells.module || '
' || cells.endpoint || '
' || cells.method AND NOT EXISTS (SELECT 1 FROM alerts b WHERE b.sink = a.sink AND b.identity = a.identity AND b.id > a.id));
