"""The statements that a run makes thousands of times, as SQLite takes them."""

PLAN = """
INSERT INTO deliveries
  (release, revision, purpose, address, written, name, outlet, language, segments, planned_at, message_id,
   outcome, tries, reply, queue_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', 0, '', '')
ON CONFLICT (release, revision, purpose, address) DO UPDATE SET segments = excluded.segments, outcome = 'planned'
WHERE outcome NOT IN ('accepted', 'claimed')
"""
# Many rows in one statement: for each statement SQLite has to be let go of by the other threads and taken back.
CLAIM = """
UPDATE deliveries SET outcome = 'claimed', tries = tries + 1, at = ?
FROM json_each(?) AS one
WHERE deliveries.id = json_extract(one.value, '$[0]') AND tries = json_extract(one.value, '$[1]')
  AND outcome IN ('planned', 'deferred')
"""
SETTLE = """
UPDATE deliveries SET
  outcome = json_extract(one.value, '$[3]'), reply = json_extract(one.value, '$[4]'),
  queue_id = json_extract(one.value, '$[5]'), tries = json_extract(one.value, '$[1]') + 1, at = ?
FROM json_each(?) AS one
WHERE deliveries.id = json_extract(one.value, '$[0]') AND CASE json_extract(one.value, '$[2]')
  WHEN 1 THEN outcome = 'claimed' AND tries = json_extract(one.value, '$[1]') + 1
  ELSE outcome IN ('planned', 'deferred') AND tries = json_extract(one.value, '$[1]')
END
"""
