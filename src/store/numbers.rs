//! The row of a session, and the number by which it is known as long as the file lasts.

use rusqlite::{Transaction, params};

/// Makes a row for a session whose protocol is `protocol`, and returns its number. Without a `uid` it gets a new one.
///
/// No number is given twice, even where its session was removed: another window may still have that on its screen, and what
/// is done to it there must not be done to another.
pub fn add(
    transaction: &Transaction<'_>,
    uid: Option<&str>,
    began: &str,
    note: &str,
    protocol: &str,
) -> rusqlite::Result<i64> {
    transaction.prepare_cached("INSERT OR IGNORE INTO protocol (text) VALUES (?1)")?.execute([protocol])?;
    let take = "INSERT OR REPLACE INTO numbers SELECT 1, 1 + max(
            coalesce((SELECT last FROM numbers), 0), coalesce((SELECT max(id) FROM session), 0)
        ) RETURNING last";
    let number: i64 = transaction.prepare_cached(take)?.query_row([], |row| row.get(0))?;
    let row = "INSERT INTO session (id, uid, began, note, protocol)
        SELECT ?1, coalesce(?2, lower(hex(randomblob(16)))), ?3, ?4, id FROM protocol WHERE text = ?5";
    transaction.prepare_cached(row)?.execute(params![number, uid, began, note, protocol])?;
    Ok(number)
}
