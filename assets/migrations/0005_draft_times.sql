-- When a text that was not sent yet shall leave, where that is not at once.

ALTER TABLE drafts ADD COLUMN send_at TEXT;
