-- What a desk of format 2 had written: a look at a number, a check for a ticket by an agent, whose attempt is
-- known, a text whose outcome is not, and a draft.
INSERT INTO sessions (started_at) VALUES ('2026-01-02T03:04:05Z'), ('2026-01-03T03:04:05Z');
INSERT INTO operations
    (row, session, seq, at, kind, recipient, body, intent, state, sid, status, open, outcome, updated_at,
     account, ticket, agent)
VALUES
    (1, 1, 1, '2026-01-02T03:04:05Z', 'lookup', '+14155550123', NULL,
     '{"look_up":{"line_type":true}}', 'settled', NULL, NULL, 0,
     '{"lookup":{"valid":true,"country":"US","line_type":"mobile","carrier":"T-Mobile US"}}', '2026-01-02T03:04:06Z',
     'AC00000000000000000000000000000001', '48213', 'desk-7'),
    (2, 1, 2, '2026-01-02T03:05:05Z', 'verify_start', '+14155550123', NULL,
     '{"verify_start":{"service":"VA00000000000000000000000000000001","channel":"sms","tags":[]}}', 'settled',
     'VE00000000000000000000000000000001', 'approved', 0,
     '{"verification":{"channel":"sms","sends":1,"expires_at":"2026-01-02T03:15:05Z","delivery":{"status":"delivered","attempt":"VL00000000000000000000000000000001","carrier":"T-Mobile US"}}}',
     '2026-01-02T03:05:35Z', 'AC00000000000000000000000000000001', '48213', 'desk-7'),
    (3, 1, 3, '2026-01-02T03:05:30Z', 'verify_check', '+14155550123', NULL,
     '{"verify_check":{"service":"VA00000000000000000000000000000001","key":{"sid":"VE00000000000000000000000000000001"},"recipient_known":true}}',
     'settled', 'VE00000000000000000000000000000001', 'approved', 0,
     '{"verification":{"channel":"sms","expires_at":"2026-01-02T03:15:05Z"}}', '2026-01-02T03:05:31Z',
     'AC00000000000000000000000000000001', '48213', 'desk-7'),
    (5, 2, 1, '2026-01-03T03:04:05Z', 'text', '+14155550124', 'hello',
     '{"text":{"sender":{"number":"+15005550006"}}}', 'unknown', NULL, NULL, 0,
     '{"failure":{"kind":"outcome_unknown","message":"the connection was lost"}}', '2026-01-03T03:04:09Z',
     'AC00000000000000000000000000000001', NULL, NULL);
INSERT INTO drafts VALUES (2, '+14155550125', 'not yet', '48214', '2026-01-03T03:05:05Z');
