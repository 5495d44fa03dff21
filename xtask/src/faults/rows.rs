//! The faults that Doorstep is tried with: what goes wrong, what must happen then, and on which layers a test must show it.

use super::Layer::{self, Browser, Core, Server};

/// One fault or attack.
pub(crate) struct Row {
    /// Tests carry it in their names: `fault_07_…` in Rust, `fault 07: …` in the browser suite.
    pub(crate) number: u8,
    pub(crate) fault: &'static str,
    pub(crate) expectation: &'static str,
    /// Where it must be tested.
    pub(crate) layers: &'static [Layer],
}

const fn row(number: u8, fault: &'static str, expectation: &'static str, layers: &'static [Layer]) -> Row {
    Row { number, fault, expectation, layers }
}

/// All of them, by number.
pub(crate) const ROWS: [Row; 42] = [
    row(1, "The answer is lost after the commit", "The repeated push gets the stored answer; there is one effect", &[Server, Browser]),
    row(2, "A request is doubled, or two are under way at once", "They go one after the other; there is one effect", &[Server, Browser]),
    row(3, "Pushes arrive out of order", "The gap is told, and filled", &[Server, Browser]),
    row(4, "An old answer to a pull arrives after a case was taken away", "It is ignored; the case does not come back", &[Core, Browser]),
    row(5, "Many writers commit at once, one of them slowly", "No reader misses a row", &[Server]),
    row(6, "The server is killed between any two of its steps", "All of a push is there, or nothing", &[Server, Browser]),
    row(7, "A connection to PostgreSQL dies in the middle of a batch", "It is tried again, or answered as not attempted", &[Server]),
    row(8, "The device hangs up in the middle of a request", "No half effect, and no lock stays", &[Server, Browser]),
    row(9, "A deadlock, or a lock that is held too long", "It is tried again a few times, then later", &[Server]),
    row(
        10,
        "The server is restored from a back-up",
        "Devices notice; what was received and not yet safe is sent again",
        &[Server, Browser],
    ),
    row(11, "A phone is restored from a back-up", "It gets a new identity, and no note is lost or doubled", &[Core, Server, Browser]),
    row(12, "The browser clears the storage", "The worker is told, and begins anew under a new identity", &[Core, Browser]),
    row(13, "The browser is killed right after “Saved on this phone”", "The note is there", &[Browser]),
    row(14, "The browser is killed inside a transaction", "All of it is there, or nothing", &[Browser]),
    row(15, "There is no room left", "Saving fails in words; room set aside takes what is short", &[Browser]),
    row(16, "The connection to IndexedDB is lost", "It is opened again once, otherwise the worker is told", &[Core, Browser]),
    row(17, "A device is updated with unsent notes of an older build", "All of them are taken", &[Core, Browser]),
    row(
        18,
        "An old tab holds the database that a newer build opens; an old build finds a newer database",
        "Nobody waits for ever; the page says what to do",
        &[Browser],
    ),
    row(
        19,
        "A new service worker meets an old page; a file of the old build is gone",
        "No reload over what is being written, and no mixed build",
        &[Browser],
    ),
    row(20, "Two tabs write", "One of them is the writer; numbers stay unique", &[Browser]),
    row(
        21,
        "Start without a network; a captive portal answers 200 with a page of its own",
        "It is not taken for success",
        &[Server, Browser],
    ),
    row(22, "The clock is wrong by ten years, or changes its zone", "The note is taken, and order is that of writing", &[Server, Browser]),
    row(23, "The session ends while offline, or between two pushes", "The outbox stays, and goes on after signing in", &[Server, Browser]),
    row(
        24,
        "A case is handed over while both workers write offline",
        "The late note is kept and marked; the case leaves the old device",
        &[Server, Browser],
    ),
    row(25, "A grant for a limited time ends", "The device forgets the case", &[Server, Browser]),
    row(26, "The first of several mutations can never be applied", "It is kept for a person, and the others pass", &[Server, Browser]),
    row(27, "Any HTTP status from 100 to 599 with a body of nonsense", "The entry stays", &[Core, Browser]),
    row(28, "A long time of faults, then none", "The outbox empties without anything new being written", &[Core, Server, Browser]),
    row(29, "A large caseload over a slow line, cut off in the middle", "It goes on where it stopped", &[Server, Browser]),
    row(30, "Somebody else’s id anywhere in a request", "No row, and no hint that there is one", &[Server]),
    row(31, "Two agencies use the same id", "The second is kept for a person, never swallowed", &[Server]),
    row(32, "A pooled connection keeps the identity of the one before", "It sees no row", &[Server]),
    row(33, "Somebody steals the profile folder", "No word of a client is readable in it, and no usable key", &[Browser]),
    row(34, "Somebody tries passphrases", "Each try waits longer; after ten the keys of the caseload are destroyed", &[Browser]),
    row(35, "A script in a note or a name", "It is shown as text and does not run", &[Browser]),
    row(
        36,
        "No authenticator, another one, or one that was reset",
        "The passphrase still opens the device, and the page says so",
        &[Browser],
    ),
    row(37, "Sealed rows are changed or exchanged on disk", "They do not open; the case is fetched anew", &[Core, Browser]),
    row(38, "Another site sends a request, or overrides the method", "403, and nothing happened", &[Server, Browser]),
    row(39, "Somebody evades a limit with headers", "The limit holds", &[Server]),
    row(40, "Somebody edits the audit trail in the database", "The verifier names the row", &[Server]),
    row(41, "A wipe is ordered while there are unsent notes", "They are handed in sealed, then the profile is empty", &[Server, Browser]),
    row(42, "Names in a log, an address, a title or a notification", "There are none", &[Server, Browser]),
];

/// Why a layer has no test: where this is said, it counts as no failure.
pub(crate) const REASONS: &[(u8, Layer, &str)] =
    &[(37, Core, "rows are sealed by the browser’s own WebCrypto, which native tests do not have: its test is the one in the browser")];
