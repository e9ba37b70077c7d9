//! The tables, and the steps that bring a file of any older version up to date.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::answers;

/// The version that this program writes.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// Migration `n` turns a file of version `n` into one of version `n + 1`. They are only ever added to.
const MIGRATIONS: &[&str] = &[
    "
    -- Protocols as they were, each text once.
    CREATE TABLE protocol (
        id INTEGER PRIMARY KEY,
        text TEXT NOT NULL UNIQUE
    ) STRICT;

    -- `uid` is the same in every copy of a session. `began` has the time zone. `digest` is made from the events; it is
    -- missing while the session is open.
    CREATE TABLE session (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
        began TEXT NOT NULL,
        protocol INTEGER NOT NULL REFERENCES protocol (id),
        note TEXT NOT NULL DEFAULT '',
        digest TEXT
    ) STRICT;

    CREATE TABLE event (
        session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        at_millis INTEGER NOT NULL,
        fact TEXT NOT NULL,
        PRIMARY KEY (session, number)
    ) STRICT, WITHOUT ROWID;

    -- The answers of closed sessions, to find the latest one to a question.
    CREATE TABLE chosen (
        question TEXT NOT NULL,
        session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        option TEXT NOT NULL,
        PRIMARY KEY (question, session)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX chosen_by_session ON chosen (session);
",
    "
    -- The reps of a closed session, so that training days can be counted without reading what each amounts to.
    ALTER TABLE session ADD COLUMN reps INTEGER NOT NULL DEFAULT 0;

    UPDATE session SET reps = coalesce((
        SELECT sum(json_extract(value, '$.reps'))
        FROM json_each(CASE WHEN json_valid(session.digest) THEN session.digest ELSE '{}' END, '$.sets')
    ), 0);

    CREATE INDEX training_day ON session (substr(began, 1, 10)) WHERE reps > 0;
",
    // Sessions of another machine come in later than they were trained: what is latest is told by when it began.
    "
    -- The moment in `began`, in milliseconds since 1970, without the zone in brackets, which SQLite does not know.
    ALTER TABLE session ADD COLUMN began_millis INTEGER GENERATED ALWAYS AS (
        CAST(round((julianday(substr(began, 1, instr(began || '[', '[') - 1)) - 2440587.5) * 86400000) AS INTEGER)
    ) VIRTUAL;

    CREATE INDEX session_by_time ON session (began_millis, id);

    CREATE TABLE latest (
        question TEXT NOT NULL,
        began_millis INTEGER NOT NULL,
        session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        option TEXT NOT NULL,
        PRIMARY KEY (question, began_millis, session)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO latest SELECT question, coalesce(began_millis, 0), session, option
        FROM chosen JOIN session ON session.id = chosen.session;
    DROP TABLE chosen;
    ALTER TABLE latest RENAME TO chosen;
    CREATE INDEX chosen_by_session ON chosen (session);
",
    // The start counts training days: with all that is asked for in the index, no session is read for it.
    "
    ALTER TABLE session ADD COLUMN day TEXT GENERATED ALWAYS AS (substr(began, 1, 10)) VIRTUAL;

    DROP INDEX training_day;
    CREATE INDEX training_day ON session (day, reps) WHERE reps > 0;
",
    // A question can be asked of each ankle, and each keeps its answer.
    "
    CREATE TABLE by_ankle (
        question TEXT NOT NULL,
        side TEXT NOT NULL,
        began_millis INTEGER NOT NULL,
        session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        option TEXT NOT NULL,
        PRIMARY KEY (question, side, began_millis, session)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO by_ankle SELECT question, '', began_millis, session, option FROM chosen;
    DROP TABLE chosen;
    ALTER TABLE by_ankle RENAME TO chosen;
    CREATE INDEX chosen_by_session ON chosen (session);
",
    // Sessions that were left open have their answers in `chosen` too (`answers`): what closes one may never come.
    "",
    // The number of a session that was removed is not given to another (`numbers`).
    "
    CREATE TABLE numbers (one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL) STRICT;
    INSERT INTO numbers SELECT 1, coalesce(max(id), 0) FROM session;
",
];

/// The version from which on sessions left open have their answers filed.
const OPEN_ANSWERS: i64 = 6;

/// The version of the file behind `connection`.
pub fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Whether the file behind `connection` has views or triggers: what they make of a question, nobody knows, nor when it ends.
pub fn has_what_is_not_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let select = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type IN ('view', 'trigger'))";
    connection.query_row(select, [], |row| row.get(0))
}

/// Makes the tables of version `version`, as an older program did.
#[cfg(test)]
pub fn make(connection: &mut Connection, version: usize) {
    let transaction = connection.transaction().unwrap();
    for (step, sql) in MIGRATIONS.iter().enumerate().take(version) {
        apply(&transaction, step as i64 + 1, sql).unwrap();
    }
    transaction.commit().unwrap();
}

/// Brings the file up to [`VERSION`], all of it or nothing.
pub fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // A program that has started at the same time may have done it by now.
    let from = version(&transaction)?;
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(from.max(0) as usize) {
        apply(&transaction, step as i64 + 1, sql)?;
    }
    if from < OPEN_ANSWERS {
        answers::file_all_open(&transaction)?;
    }
    transaction.commit()
}

fn apply(transaction: &Transaction<'_>, version: i64, sql: &str) -> rusqlite::Result<()> {
    transaction.execute_batch(sql)?;
    transaction.pragma_update(None, "user_version", version)
}
