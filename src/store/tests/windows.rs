//! Several windows on one folder.

use super::*;

/// A program that is started on `folder` now, and what it tells.
fn started(folder: &tempfile::TempDir) -> (Store, Option<Notice>) {
    let Opened { store, notice, .. } = Store::open_or_rescue(folder.path(), &[ankle()], jiff::Timestamp::MAX).unwrap();
    (store, notice)
}

#[test]
fn a_session_under_way_in_one_window_is_known_in_every_other_whichever_was_opened_first() {
    let folder = tempfile::tempdir().unwrap();
    let ((first, told), (mut second, also_told)) = (started(&folder), started(&folder));
    assert_eq!((told, also_told), (None, None), "two are open, and nobody trains");
    assert!(!first.is_shared(false) && !second.is_shared(false));

    second.begin(&ankle(), &began()).unwrap();
    second.record(&[&event(0, Fact::Resumed)], None).unwrap();
    assert!(first.is_shared(false), "it was opened before");
    assert!(!second.is_shared(false), "nobody trains but it");
    let (third, told) = started(&folder);
    assert_eq!(told, Some(Notice::Shared), "it was opened after");
    drop(first);
    assert!(third.is_shared(true), "the one that was opened first does not train");

    second.rest();
    assert!(!third.is_shared(true));
    assert_eq!(started(&folder).1, None);
}

#[test]
fn a_session_that_may_be_under_way_in_another_window_is_neither_removed_nor_filed() {
    let folder = tempfile::tempdir().unwrap();
    let ((mut first, _), (mut second, _)) = (started(&folder), started(&folder));
    second.begin(&ankle(), &began()).unwrap();
    second.record(&[&event(0, Fact::Resumed)], None).unwrap();
    let left_open = first.history().unwrap()[0].id;
    let amendment = |session| Amendment { session, known: 1, events: Vec::new(), digest: Box::default() };
    assert!(matches!(first.remove(left_open), Err(StoreError::InUse)));
    assert!(matches!(first.amend(&amendment(left_open)), Err(StoreError::InUse)));
    second.record(&[&event(5, Fact::Resumed)], None).unwrap();

    second.rest();
    first.remove(left_open).unwrap();
}

#[test]
fn the_number_of_a_session_that_was_removed_is_given_to_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut here = Store::open(folder.path()).unwrap();
    closed(&mut here, &["none"]);
    closed(&mut here, &["none"]);
    let shown: Vec<i64> = here.history().unwrap().iter().map(|line| line.id).collect();
    let mut there = Store::open(folder.path()).unwrap();
    there.remove(shown[0]).unwrap();
    closed(&mut there, &["none"]);
    let others = there.history().unwrap();
    let amendment = Amendment { session: shown[0], known: 2, events: Vec::new(), digest: Box::default() };
    assert!(matches!(here.note(Some(shown[0]), "of the session that was removed"), Err(StoreError::Gone)));
    assert!(matches!(here.remove(shown[0]), Err(StoreError::Gone)));
    assert!(matches!(here.amend(&amendment), Err(StoreError::Gone)));
    assert_eq!(here.history().unwrap(), others, "the later one has neither its note nor its end");
    // A file whose numbers were lost goes on behind those that are in use.
    there.connection.execute("DELETE FROM numbers", []).unwrap();
    closed(&mut there, &["none"]);
    assert_eq!(there.history().unwrap().len(), 3);
}
