-- A history as version 6 of the schema kept it, written out by SQLite.
BEGIN TRANSACTION;
CREATE TABLE claims (
    page_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL                     -- the process that polls it, see system/owner.py
) WITHOUT ROWID;
INSERT INTO "claims" VALUES('acme','1-dead');
CREATE TABLE components (
    page_id TEXT NOT NULL REFERENCES pages ON DELETE CASCADE,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    impact TEXT NOT NULL,
    word TEXT NOT NULL,
    group_name TEXT,
    PRIMARY KEY (page_id, id)
) WITHOUT ROWID;
INSERT INTO "components" VALUES('acme','c1','API','major','major_outage','Core');
CREATE TABLE cursors (
    output TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
, moved_at TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
INSERT INTO "cursors" VALUES('console',1,'2026-11-25T06:47:56+00:00');
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,  -- only grows, also when rows are pruned
    page_id TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    first INTEGER NOT NULL,                 -- was so when the page was read for the first time
    json TEXT NOT NULL                      -- as told then; see core/events.py
, late INTEGER NOT NULL DEFAULT 0);
INSERT INTO "events" VALUES(1,'acme','2025-11-03T15:32:00+00:00',1,'{"v":1,"seq":0,"kind":"opened","at":"2025-11-03T14:34:00Z","seen_at":"2025-11-03T15:32:00Z","page":{"id":"acme","name":"Acme","url":"https://status.acme.example"},"incident":{"id":"i1","name":"Elevated errors","impact":"minor","state":"identified","components":["API"],"url":"https://status.acme.example/incidents/i1","started_at":"2025-11-03T14:32:00Z","resolved_at":null},"update":{"id":"u2","state":"identified","text":"A cable."}}',0);
CREATE TABLE held (                                            -- events that an output tells later, or as one
    output TEXT NOT NULL,
    seq INTEGER NOT NULL,
    due TEXT NOT NULL, why TEXT NOT NULL DEFAULT 'away',
    PRIMARY KEY (output, seq)
) WITHOUT ROWID;
INSERT INTO "held" VALUES('notices',1,'2025-11-03T15:42:00+00:00','flaps');
CREATE TABLE incidents (
    page_id TEXT NOT NULL REFERENCES pages ON DELETE CASCADE,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    word TEXT NOT NULL,
    impact TEXT,
    url TEXT,
    started_at TEXT,
    resolved_at TEXT,
    affected TEXT,                          -- JSON list of [id, name]; NULL is "not told"
    scheduled_for TEXT,
    scheduled_until TEXT,
    live INTEGER NOT NULL,                  -- open, or a maintenance still to come
    missing INTEGER NOT NULL DEFAULT 0,     -- readings in a row that no longer list it though it is open
    last_at TEXT NOT NULL, regions TEXT, listed_at TEXT NOT NULL DEFAULT '',                  -- of its newest update, for "recent"
    PRIMARY KEY (page_id, id)
) WITHOUT ROWID;
INSERT INTO "incidents" VALUES('acme','i1','incident','Elevated errors','identified','identified','minor','https://status.acme.example/incidents/i1','2025-11-03T14:32:00+00:00',NULL,'[["c1", "API"]]',NULL,NULL,1,0,'2025-11-03T14:34:00+00:00',NULL,'2026-11-25');
CREATE TABLE pages (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    vendor_url TEXT,                        -- the page's own address, for people
    platform TEXT,
    reading TEXT NOT NULL DEFAULT 'never',
    problem TEXT,                           -- JSON, see rows.py
    indicator TEXT,
    open_told INTEGER NOT NULL DEFAULT 0,
    history_read INTEGER NOT NULL DEFAULT 0,
    read_at TEXT,
    checked_at TEXT,
    changed_at TEXT
, moved_to TEXT, source TEXT NOT NULL DEFAULT '', probe TEXT, trouble TEXT, failing_since TEXT);
INSERT INTO "pages" VALUES('acme','Acme','https://status.acme.example',NULL,'statuspage','fresh',NULL,NULL,1,1,'2025-11-03T15:32:00+00:00','2025-11-03T15:32:00+00:00','2025-11-03T15:32:00+00:00',NULL,'',NULL,NULL,NULL);
CREATE TABLE reminded (                           -- maintenances that the person was reminded of, and for when
    output TEXT NOT NULL,
    page_id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    begins TEXT NOT NULL,
    PRIMARY KEY (output, page_id, incident_id)
) WITHOUT ROWID;
CREATE TABLE told (                                            -- how far beyond its cursor a page was told alone
    output TEXT NOT NULL,
    page_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (output, page_id)
) WITHOUT ROWID;
CREATE TABLE updates (
    page_id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    id TEXT NOT NULL,
    place INTEGER NOT NULL,                 -- in the incident's timeline, oldest first
    state TEXT NOT NULL,
    word TEXT NOT NULL,
    text TEXT,
    at TEXT,
    source TEXT NOT NULL,
    affected TEXT,
    PRIMARY KEY (page_id, incident_id, id),
    FOREIGN KEY (page_id, incident_id) REFERENCES incidents ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO "updates" VALUES('acme','i1','u1',0,'investigating','investigating','We look into it.','2025-11-03T14:33:00+00:00','v2',NULL);
INSERT INTO "updates" VALUES('acme','i1','u2',1,'identified','identified','A cable.','2025-11-03T14:34:00+00:00','v2',NULL);
CREATE TABLE wishes (                             -- what the person wants to hear, and not to hear; core/wishes.py
    wish TEXT NOT NULL,
    page_id TEXT NOT NULL,                        -- empty: all pages
    incident_id TEXT NOT NULL,                    -- empty: the page as a whole
    at TEXT NOT NULL,
    until TEXT,
    impact TEXT NOT NULL,
    page_impact TEXT NOT NULL,
    PRIMARY KEY (wish, page_id, incident_id)
) WITHOUT ROWID;
CREATE INDEX incidents_live ON incidents (page_id) WHERE live;
CREATE INDEX incidents_recent ON incidents (last_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',1);
PRAGMA application_id = 1414676825;
PRAGMA user_version = 6;
COMMIT;
