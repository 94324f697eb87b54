-- What a desk of format 1 had written: a text, a check with its codes, a refusal, and what it did not know.
INSERT INTO sessions (started_at) VALUES ('2026-01-02T03:04:05Z');
INSERT INTO operations VALUES
    (1, 1, 1, '2026-01-02T03:04:05.5Z', 'text', '+14155550123', 'hello',
     '{"text":{"sender":{"name":"ACME"}}}', 'settled', 'SM00000000000000000000000000000001', 'undelivered', 0,
     '{"text":{"error":30003,"segments":2}}', '2026-01-02T03:04:06Z', NULL),
    (2, 1, 2, '2026-01-02T03:04:05Z', 'verify_start', '+14155550124', NULL,
     '{"verify_start":{"service":"VA00000000000000000000000000000001","channel":"call","tags":[]}}', 'settled', 'VE00000000000000000000000000000001', 'pending', 1,
     '{"verification":{"channel":"call","sends":1,"expires_at":"2026-01-02T03:14:05Z","delivery":{"status":"undelivered","error":30003}}}',
     '2026-01-02T03:04:09Z', 'AC00000000000000000000000000000001'),
    (3, 1, 3, '2026-01-02T03:05:05Z', 'verify_check', '+14155550124', NULL,
     '{"verify_check":{"service":"VA00000000000000000000000000000001","key":{"sid":"VE00000000000000000000000000000001"},"recipient_known":true}}', 'settled', 'VE00000000000000000000000000000001', 'approved', 0,
     '{"verification":{"channel":"sms","expires_at":"2026-01-02T03:14:05Z"}}', '2026-01-02T03:05:06Z', 'AC00000000000000000000000000000001'),
    (4, 1, 4, '2026-01-02T03:06:05Z', 'verify_cancel', '+14155550124', NULL,
     '{"verify_cancel":{"service":"VA00000000000000000000000000000001","key":{"sid":"VE00000000000000000000000000000001"},"recipient_known":true}}', 'not_sent', NULL, NULL, 0,
     '{"failure":{"kind":"not_sent","message":"connection refused"}}', '2026-01-02T03:06:06Z', 'AC00000000000000000000000000000001'),
    (5, 1, 5, '2026-01-02T03:07:05Z', 'verify_start', 'ada@example.org', NULL,
     '{"verify_start":{"service":"VA00000000000000000000000000000001","channel":"whatsapp","tags":[]}}', 'refused', NULL, NULL, 0,
     '{"failure":{"kind":"refused","code":60410,"status":403,"message":"blocked"}}', '2026-01-02T03:07:06Z', 'AC00000000000000000000000000000001'),
    (6, 1, 6, '2026-01-02T03:08:05Z', 'text', '+14155550123', 'half',
     '{"text":{"sender":{"name":"ACME"}}}', 'intended', NULL, NULL, 0, NULL, '2026-01-02T03:08:05Z', 'AC00000000000000000000000000000001');
