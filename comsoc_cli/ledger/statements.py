"""The statements that a run makes thousands of times, as SQLite takes them."""

# Who may have it from an earlier try stays uncertain until a later one is accepted: a kill must not forget him.
PLAN = """
INSERT INTO deliveries
  (release, revision, purpose, address, written, name, outlet, language, segments, planned_at, message_id,
   outcome, tries, reply, queue_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '')
ON CONFLICT (release, revision, purpose, address) DO UPDATE SET
  written = excluded.written, name = excluded.name, outlet = excluded.outlet, language = excluded.language,
  segments = excluded.segments, outcome = CASE outcome WHEN 'uncertain' THEN 'uncertain' ELSE excluded.outcome END
WHERE outcome NOT IN ('accepted', 'claimed')
"""
# Many rows in one statement: for each statement SQLite has to be let go of by the other threads and taken back.
CLAIM = """
UPDATE deliveries SET outcome = 'claimed', tries = tries + 1, at = ?
FROM json_each(?) AS one
WHERE deliveries.id = json_extract(one.value, '$[0]') AND tries = json_extract(one.value, '$[1]')
  AND (outcome IN ('planned', 'deferred') OR (outcome = 'uncertain' AND json_extract(one.value, '$[2]')))
"""
SETTLE = """
UPDATE deliveries SET
  outcome = json_extract(one.value, '$[3]'), reply = json_extract(one.value, '$[4]'),
  queue_id = json_extract(one.value, '$[5]'), tries = json_extract(one.value, '$[1]') + 1, at = ?
FROM json_each(?) AS one
WHERE deliveries.id = json_extract(one.value, '$[0]') AND CASE json_extract(one.value, '$[2]')
  WHEN 1 THEN outcome = 'claimed' AND tries = json_extract(one.value, '$[1]') + 1
  ELSE tries = json_extract(one.value, '$[1]')
    AND (outcome IN ('planned', 'deferred') OR (outcome = json_extract(one.value, '$[3]') AND outcome = 'uncertain'))
END
"""
TAKE_BACK = "UPDATE deliveries SET outcome = 'planned' WHERE id = ? AND outcome = 'refused'"
