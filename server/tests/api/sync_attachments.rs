//! Photos and documents: in chunks, beside their notes, from a device that need not be signed in.

use std::path::{Path, PathBuf};

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use domain::*;
use reqwest::{Method, StatusCode};
use serde_json::json;
use server::jobs::uploads::{UNFINISHED_DAYS, WITHOUT_NOTE_DAYS, tidy};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use sync::wire::*;
use uuid::Uuid;

use crate::{
    helpers::{Answer, Browser, TestApp, logs, send},
    sync_phone::{count, note, records, run, scope_of, worker_id},
    sync_sealed::Locked,
};

/// Something to be sent, as it lies on a device's disk.
struct Photo {
    attachment_id: AttachmentId,
    title: String,
    media_type: &'static str,
    content: Vec<u8>,
    key: [u8; 32],
}

impl Photo {
    /// A picture of about so many bytes.
    fn of(bytes: usize) -> Self {
        Self::with(jpeg(bytes, &[]))
    }

    fn with(content: Vec<u8>) -> Self {
        let attachment_id = AttachmentId(Uuid::now_v7());
        let key = Sha256::digest(attachment_id.0).into();
        Self { attachment_id, title: format!("Photo of {attachment_id}"), media_type: "image/jpeg", content, key }
    }

    fn named(&self) -> NewAttachment {
        NewAttachment {
            attachment_id: self.attachment_id,
            title: self.title.clone(),
            media_type: self.media_type.to_owned(),
            size_bytes: self.content.len() as u64,
            sha256: ContentHash::of_digest(&Sha256::digest(&self.content).into()),
        }
    }

    fn begin(&self, locked: &Locked) -> BeginUpload {
        let NewAttachment { attachment_id, size_bytes, sha256, .. } = self.named();
        let key = locked.seal_bytes(&self.key, &SealedKey::context(attachment_id));
        let device_id = locked.phone.device_id;
        signed(locked, BeginUpload { device_id, attachment_id, size_bytes, sha256, key, signature: Base64(String::new()) })
    }

    fn chunks(&self) -> u32 {
        u32::try_from(self.content.len().div_ceil(CHUNK_BYTES)).unwrap()
    }

    /// A chunk as it travels.
    fn chunk(&self, chunk: u32) -> Vec<u8> {
        let start = chunk as usize * CHUNK_BYTES;
        self.seal(chunk, &self.content[start..self.content.len().min(start + CHUNK_BYTES)])
    }

    fn seal(&self, chunk: u32, msg: &[u8]) -> Vec<u8> {
        let iv = [u8::try_from(chunk).unwrap(); 12];
        let context = SealedKey::chunk_context(self.attachment_id, chunk);
        let ct = Aes256Gcm::new(&self.key.into()).encrypt(&Nonce::from(iv), Payload { msg, aad: context.as_bytes() }).unwrap();
        [iv.as_slice(), &ct].concat()
    }
}

fn signed(locked: &Locked, begin: BeginUpload) -> BeginUpload {
    BeginUpload { signature: locked.sealer.sign(Proof::Device, &begin.signed_bytes()), ..begin }
}

/// A picture as a camera's are built, with segments of a test's choice before its pixels.
fn jpeg(pixels: usize, more: &[u8]) -> Vec<u8> {
    let start: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x02\0\0\x01\0\x01\0\0";
    let scan: &[u8] = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0";
    let pixels: Vec<u8> = (0..pixels).map(|at| u8::try_from(at % 251).unwrap()).collect();
    [start, more, scan, &pixels, b"\xff\xd9"].concat()
}

/// Nobody is signed in.
async fn ask_to_begin(app: &TestApp, begin: &BeginUpload) -> Answer {
    app.anonymous().post_json("/sync/v1/attachments/begin", &json!(begin)).await
}

async fn begin(app: &TestApp, begin: &BeginUpload) -> UploadState {
    let answer = ask_to_begin(app, begin).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn hand_in(app: &TestApp, attachment_id: AttachmentId, chunk: u32, sealed: Vec<u8>) -> Answer {
    let request = app.anonymous().request(Method::POST, "/sync/v1/attachments/chunk");
    let request = request.header(ATTACHMENT_HEADER, attachment_id.0.to_string()).header(CHUNK_HEADER, chunk.to_string());
    send(request.header("content-type", "application/octet-stream").body(sealed)).await
}

async fn hand_in_one(app: &TestApp, photo: &Photo, chunk: u32) -> UploadState {
    let answer = hand_in(app, photo.attachment_id, chunk, photo.chunk(chunk)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// Begins and sends all that is missing; what the last answer said.
async fn upload(app: &TestApp, locked: &Locked, photo: &Photo) -> UploadState {
    let mut state = begin(app, &photo.begin(locked)).await;
    for chunk in state.missing.clone() {
        state = hand_in_one(app, photo, chunk).await;
    }
    state
}

fn awaiting(missing: impl IntoIterator<Item = u32>) -> UploadState {
    UploadState { missing: missing.into_iter().collect(), received: false, refused: None }
}

fn received() -> UploadState {
    UploadState { missing: Vec::new(), received: true, refused: None }
}

fn refused(code: &str) -> UploadState {
    UploadState { missing: Vec::new(), received: false, refused: Some(code.to_owned()) }
}

/// Signs a note to which this belongs.
async fn sign(app: &TestApp, locked: &mut Locked, attachments: Vec<NewAttachment>) {
    let signed = SignNote { attachments, ..note(app.case_id(), "with a photo") };
    let result = locked.phone.push_one(&Command::SignNote(signed)).await;
    assert_eq!(result.status, Status::Applied, "{result:?}");
}

async fn fetch(browser: &Browser, attachment_id: AttachmentId) -> Answer {
    browser.post_json("/sync/v1/attachments/fetch", &json!(FetchAttachment { attachment_id })).await
}

/// What a pull says of an attachment: whether it is news, and its content is there.
async fn pulled(locked: &mut Locked, attachment_id: AttachmentId) -> Option<bool> {
    records(&locked.phone.pull().await).into_iter().find_map(|record| match record {
        Record::Attachment(attachment) if attachment.id == attachment_id => Some(attachment.received_at.is_some()),
        _ => None,
    })
}

/// A folder for one test, in which nothing is yet.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("doorstep-api-test-attachments-{name}-{}", std::process::id()));
    std::fs::remove_dir_all(&folder).ok();
    folder
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn chunks_in_any_order_twice_and_cut_off_become_one_content_before_its_note(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut locked = Locked::of(&app, "maria").await;
    let photo = Photo::of(2 * CHUNK_BYTES + 5_000);
    let announced = photo.begin(&locked);
    assert_eq!(begin(&app, &announced).await, awaiting([0, 1, 2]));
    assert_eq!(hand_in_one(&app, &photo, 2).await, awaiting([0, 1]));
    assert_eq!(hand_in_one(&app, &photo, 2).await, awaiting([0, 1]));
    // The connection breaks in the middle of a chunk, and the phone starts anew.
    let half = photo.chunk(0)[..CHUNK_BYTES / 2].to_vec();
    assert_eq!(hand_in(&app, photo.attachment_id, 0, half).await.problem().code, ProblemCode::NotFound);
    assert_eq!(begin(&app, &photo.begin(&locked)).await, awaiting([0, 1]));
    let (first, second) = tokio::join!(hand_in_one(&app, &photo, 0), hand_in_one(&app, &photo, 1));
    assert!(first.received || second.received, "{first:?} {second:?}");
    for chunk in 0..photo.chunks() {
        assert_eq!(hand_in_one(&app, &photo, chunk).await, received());
    }
    assert_eq!(begin(&app, &announced).await, received());
    // Without a note it is nobody's.
    assert_eq!(fetch(&locked.phone.browser, photo.attachment_id).await.problem().code, ProblemCode::NotFound);

    sign(&app, &mut locked, vec![photo.named()]).await;
    assert_eq!(pulled(&mut locked, photo.attachment_id).await, Some(true));
    let answer = fetch(&locked.phone.browser, photo.attachment_id).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body == photo.content, "byte for byte");
    assert_eq!(answer.header("content-type"), "image/jpeg");
    assert_eq!(answer.header("content-disposition"), "attachment");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
    let events = "select count(*) from audit_events where action = 'attachment.upload' and result = 'applied' and device_id is not null";
    assert_eq!(count(&app.pool, events).await, 1);
    app.stop().await;
    let logs = logs();
    assert!(!logs.contains(&photo.attachment_id.to_string()) && !logs.contains(&photo.title), "the log names nothing");
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_note_that_came_first_does_not_wait_and_says_later_that_its_photo_is_there(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut locked = Locked::of(&app, "maria").await;
    let (photo, other) = (Photo::of(CHUNK_BYTES), Photo::of(10));
    sign(&app, &mut locked, vec![photo.named(), other.named()]).await;
    assert_eq!(pulled(&mut locked, photo.attachment_id).await, Some(false));
    assert_eq!(pulled(&mut locked, photo.attachment_id).await, None, "no news");
    assert_eq!(upload(&app, &locked, &photo).await, received());
    assert_eq!(pulled(&mut locked, photo.attachment_id).await, Some(true), "the head of the scope moved");
    assert_eq!(fetch(&locked.phone.browser, photo.attachment_id).await.status, StatusCode::OK);
    assert_eq!(fetch(&locked.phone.browser, other.attachment_id).await.problem().code, ProblemCode::NotFound);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_is_not_what_was_announced_or_says_too_much_is_refused_and_its_note_stays(pool: PgPool) {
    let data = folder("refused");
    let app = TestApp::start_as(pool, |config| config.data_dir.clone_from(&data)).await;
    let mut locked = Locked::of(&app, "maria").await;
    let exif = b"\xff\xe1\0\x0cExif\0\0MM\0*";
    let bad = [
        (Photo::with(jpeg(CHUNK_BYTES, exif)), refusal::HAS_METADATA),
        (Photo::with([jpeg(90, &[]).as_slice(), b"a film behind it"].concat()), refusal::HAS_METADATA),
        (Photo::with(b"<svg onload=alert(1)>".to_vec()), refusal::NOT_READABLE),
        (Photo::with(jpeg(90, &[])[..60].to_vec()), refusal::NOT_READABLE),
    ];
    for (photo, code) in &bad {
        sign(&app, &mut locked, vec![photo.named()]).await;
        assert_eq!(upload(&app, &locked, photo).await, refused(code));
        assert_eq!(begin(&app, &photo.begin(&locked)).await, refused(code), "again, with the same answer");
        assert_eq!(hand_in_one(&app, photo, 0).await, refused(code));
        assert_eq!(pulled(&mut locked, photo.attachment_id).await, Some(false));
        assert_eq!(fetch(&locked.phone.browser, photo.attachment_id).await.problem().code, ProblemCode::NotFound);
    }
    // A hash that is not the content's.
    let photo = Photo::of(CHUNK_BYTES + 9);
    let announced = BeginUpload { sha256: ContentHash::of_digest(&[7; 32]), ..photo.begin(&locked) };
    begin(&app, &signed(&locked, announced)).await;
    assert_eq!(hand_in_one(&app, &photo, 1).await, awaiting([0]));
    assert_eq!(hand_in_one(&app, &photo, 0).await, refused(refusal::HASH_DIFFERS));
    // A chunk that is shorter than its place, although it opens.
    let photo = Photo::of(CHUNK_BYTES + 9);
    begin(&app, &photo.begin(&locked)).await;
    let short = hand_in(&app, photo.attachment_id, 0, photo.seal(0, b"short")).await;
    assert_eq!(short.json::<UploadState>(), refused(refusal::SIZE_DIFFERS));
    assert_eq!(files(&data.join("attachments")), Vec::<PathBuf>::new(), "nothing of it is kept");
    let events = "select count(*) from audit_events where action = 'attachment.upload' and result = 'denied' and code is not null";
    assert_eq!(count(&app.pool, events).await, 6);
    assert_eq!(count(&app.pool, "select count(*) from notes where narrative = 'with a photo'").await, 4);
    app.stop().await;
    std::fs::remove_dir_all(data).unwrap();
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_is_larger_than_announced_or_than_may_be_is_not_taken(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let locked = Locked::of(&app, "maria").await;
    let photo = Photo::of(100);
    let of_size = |size_bytes| signed(&locked, BeginUpload { size_bytes, ..photo.begin(&locked) });
    assert_eq!(begin(&app, &of_size(Attachment::MAX_BYTES + 1)).await, refused(refusal::TOO_LARGE));
    assert_eq!(ask_to_begin(&app, &of_size(0)).await.problem().code, ProblemCode::Malformed);
    assert_eq!(begin(&app, &photo.begin(&locked)).await, awaiting([0]));
    assert_eq!(begin(&app, &of_size(101)).await, refused(refusal::ANNOUNCED_OTHERWISE));
    let chunk = hand_in(&app, photo.attachment_id, 1, photo.seal(1, b"more")).await;
    assert_eq!(chunk.problem().code, ProblemCode::NotFound, "there is no such place");
    let chunk = hand_in(&app, photo.attachment_id, 0, vec![0; CHUNK_BYTES + CHUNK_SEAL_BYTES + 1]).await;
    assert_eq!(chunk.problem().code, ProblemCode::TooLarge);
    for (attachment, chunk) in [("x", "0"), ("", "0"), (&*photo.attachment_id.0.to_string(), "-1")] {
        let request = app.anonymous().request(Method::POST, "/sync/v1/attachments/chunk");
        let answer = send(request.header(ATTACHMENT_HEADER, attachment).header(CHUNK_HEADER, chunk).body(photo.chunk(0))).await;
        assert_eq!(answer.problem().code, ProblemCode::Malformed);
    }
    assert_eq!(hand_in_one(&app, &photo, 0).await, received());
    // Largest of all: a hundred chunks.
    let largest = Photo::of(0);
    let announced = BeginUpload { size_bytes: Attachment::MAX_BYTES, ..largest.begin(&locked) };
    assert_eq!(begin(&app, &signed(&locked, announced)).await, awaiting(0..100));
    // More than one person will ever have under way.
    let more = "insert into uploads (agency_id, worker_id, attachment_id, device_id, content_key, size_bytes, sha256)
                select agency_id, worker_id, gen_random_uuid(), device_id, '', 1, sha256 from uploads, generate_series(1, 100)";
    run(&app.pool, more).await;
    let answer = ask_to_begin(&app, &Photo::of(5).begin(&locked)).await;
    assert_eq!(answer.problem().code, ProblemCode::TooManyTries);
    assert_eq!(answer.header("retry-after"), "3600");
    assert_eq!(begin(&app, &photo.begin(&locked)).await, received(), "what was begun goes on");
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_chunk_or_a_key_that_does_not_open_changes_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let locked = Locked::of(&app, "maria").await;
    let (mut photo, other) = (Photo::of(2 * CHUNK_BYTES - 100), Photo::of(CHUNK_BYTES));
    begin(&app, &photo.begin(&locked)).await;
    begin(&app, &other.begin(&locked)).await;
    hand_in_one(&app, &photo, 1).await;
    let flipped = [&[photo.chunk(0)[0] ^ 1], &photo.chunk(0)[1..]].concat();
    let forged = [photo.chunk(1), photo.seal(2, &photo.content[..CHUNK_BYTES]), other.chunk(0), flipped, vec![], vec![0; 12]];
    for sealed in forged {
        let answer = hand_in(&app, photo.attachment_id, 0, sealed).await;
        assert_eq!((answer.status, answer.problem().code), (StatusCode::NOT_FOUND, ProblemCode::NotFound));
    }
    let unknown = hand_in(&app, AttachmentId(Uuid::now_v7()), 0, photo.chunk(0)).await;
    assert_eq!(unknown.problem().code, ProblemCode::NotFound, "as one that nobody began");
    assert_eq!(begin(&app, &photo.begin(&locked)).await, awaiting([0]));
    // A key that was sealed to nobody here, or for another attachment: to be sealed anew.
    let announced = photo.begin(&locked);
    let strange = SealedKey { key_id: "0".repeat(16), ..announced.key.clone() };
    for key in [strange, other.begin(&locked).key] {
        let state = begin(&app, &signed(&locked, BeginUpload { key, ..announced.clone() })).await;
        assert_eq!(state.refused.as_deref(), Some(refusal::KEY_NOT_OPENED));
    }
    assert_eq!(begin(&app, &announced).await, awaiting([0]));
    // The phone sealed the whole content anew: what is here of it does not open any more.
    let before = photo.chunk(0);
    photo.key = [9; 32];
    assert_eq!(begin(&app, &photo.begin(&locked)).await, awaiting([0, 1]));
    assert_eq!(hand_in(&app, photo.attachment_id, 0, before).await.problem().code, ProblemCode::NotFound);
    assert_eq!(upload(&app, &locked, &photo).await, received());
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn nobody_begins_for_another_and_what_they_begin_under_the_same_id_is_their_own(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (mut maria, omar) = (Locked::of(&app, "maria").await, Locked::of(&app, "omar").await);
    let photo = Photo::of(500);
    let announced = photo.begin(&maria);
    let changed = [
        BeginUpload { size_bytes: announced.size_bytes + 1, ..announced.clone() },
        BeginUpload { sha256: ContentHash::of_digest(&[7; 32]), ..announced.clone() },
        BeginUpload { attachment_id: AttachmentId(Uuid::now_v7()), ..announced.clone() },
        BeginUpload { key: photo.begin(&omar).key, ..announced.clone() },
        BeginUpload { device_id: omar.phone.device_id, ..announced.clone() },
        BeginUpload { device_id: DeviceId(Uuid::now_v7()), ..announced.clone() },
        BeginUpload { signature: Base64(String::new()), ..announced.clone() },
        signed(&omar, announced.clone()),
    ];
    for begin in &changed {
        let answer = ask_to_begin(&app, begin).await;
        assert_eq!(answer.problem().code, ProblemCode::DeviceUnknown, "{begin:?}");
    }
    assert_eq!(count(&app.pool, "select count(*) from uploads").await, 0);
    // Omar saw the name of her attachment and is faster.
    let his = Photo { attachment_id: photo.attachment_id, ..Photo::of(700) };
    assert_eq!(upload(&app, &omar, &his).await, received());
    sign(&app, &mut maria, vec![photo.named()]).await;
    assert_eq!(pulled(&mut maria, photo.attachment_id).await, Some(false));
    assert_eq!(upload(&app, &maria, &photo).await, received());
    assert!(fetch(&maria.phone.browser, photo.attachment_id).await.body == photo.content);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_the_note_says_otherwise_is_never_shown(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut locked = Locked::of(&app, "maria").await;
    let says = |photo: &Photo, which: usize| {
        let named = photo.named();
        match which {
            0 => NewAttachment { size_bytes: named.size_bytes + 1, ..named },
            1 => NewAttachment { sha256: ContentHash::of_digest(&[7; 32]), ..named },
            _ => NewAttachment { media_type: "image/png".to_owned(), ..named },
        }
    };
    for which in 0..3 {
        for note_first in [true, false] {
            let photo = Photo::of(300);
            if note_first {
                sign(&app, &mut locked, vec![says(&photo, which)]).await;
                upload(&app, &locked, &photo).await;
            } else {
                assert_eq!(upload(&app, &locked, &photo).await, received());
                sign(&app, &mut locked, vec![says(&photo, which)]).await;
            }
            let state = begin(&app, &photo.begin(&locked)).await;
            assert_eq!((state.received, state.refused.as_deref()), (false, Some(refusal::NOT_AS_THE_NOTE_SAYS)), "{which} {note_first}");
            assert_eq!(pulled(&mut locked, photo.attachment_id).await, Some(false));
            assert_eq!(fetch(&locked.phone.browser, photo.attachment_id).await.problem().code, ProblemCode::NotFound);
        }
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_revoked_phone_and_one_that_lost_the_case_send_what_they_have(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut locked = Locked::of(&app, "maria").await;
    let (photo, late) = (Photo::of(CHUNK_BYTES + 1), Photo::of(900));
    sign(&app, &mut locked, vec![photo.named()]).await;
    let (omar, scope_id) = (worker_id(&app.pool, "omar").await, scope_of(&app.pool, app.case_id()).await);
    run(&app.pool, &format!("update cases set primary_worker_id = '{omar}' where scope_id = '{scope_id}'")).await;
    sign(&app, &mut locked, vec![late.named()]).await;
    run(&app.pool, "update devices set status = 'revoked'; update workers set active = false where email like 'maria%'").await;
    for photo in [&photo, &late] {
        assert_eq!(upload(&app, &locked, photo).await, received());
    }
    let omar = app.worker("omar").await;
    for photo in [&photo, &late] {
        assert!(fetch(&omar, photo.attachment_id).await.body == photo.content, "who holds the case now sees it");
    }
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn only_who_sees_the_note_sees_its_photo_and_each_look_is_in_the_trail(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut locked = Locked::of(&app, "maria").await;
    let (photo, delicate) = (Photo::of(40), Photo::of(50));
    sign(&app, &mut locked, vec![photo.named()]).await;
    let restricted = SignNote { sensitivity: Sensitivity::Legal, attachments: vec![delicate.named()], ..note(app.case_id(), "delicate") };
    locked.phone.push_one(&Command::SignNote(restricted)).await;
    for photo in [&photo, &delicate] {
        assert_eq!(upload(&app, &locked, photo).await, received());
    }
    let looks = async |result: &str, name: &str| {
        let worker = worker_id(&app.pool, name).await;
        let events = format!("action = 'attachment.fetch' and result = '{result}' and worker_id = '{worker}' and kind = 'attachment'");
        count(&app.pool, &format!("select count(*) from audit_events where {events}")).await
    };
    for name in ["maria", "ruth", "omar", "ada"] {
        let browser = app.worker(name).await;
        for (photo, scope) in [(&photo, "scope_id"), (&delicate, "restricted_scope_id")] {
            let (worker, case_id) = (worker_id(&app.pool, name).await, app.case_id());
            let sees = format!(
                "select count(distinct scope_id) from visible_scopes where worker_id = '{worker}' and (expires_at is null or expires_at > now())
                 and scope_id = (select {scope} from cases where case_id = '{case_id}')"
            );
            let sees = count(&app.pool, &sees).await == 1;
            assert!(sees || name != "maria", "{scope}");
            assert!(!sees || name == "maria" || name == "ruth", "{name} {scope}");
            let before = (looks("read", name).await, looks("denied", name).await);
            let answer = fetch(&browser, photo.attachment_id).await;
            let after = (looks("read", name).await, looks("denied", name).await);
            if sees {
                assert!(answer.body == photo.content, "{name}");
                assert_eq!(after, (before.0 + 1, before.1));
            } else {
                // Not told from one that is not there.
                let nothing = fetch(&browser, AttachmentId(Uuid::now_v7())).await;
                assert_eq!((answer.status, answer.text()), (nothing.status, nothing.text()));
                assert_eq!(answer.problem().code, ProblemCode::NotFound);
                assert_eq!(after, (before.0, before.1 + 1));
            }
        }
    }
    assert_eq!(fetch(&app.anonymous(), photo.attachment_id).await.problem().code, ProblemCode::SignInNeeded);
    app.stop().await;
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn the_folder_is_made_at_the_start_and_holds_nothing_that_can_be_read(pool: PgPool) {
    let data = folder("sealed");
    let app = TestApp::start_as(pool, |config| config.data_dir.clone_from(&data)).await;
    let mut locked = Locked::of(&app, "maria").await;
    let words = b"the landlord changed the lock";
    let photo = Photo::with(jpeg(CHUNK_BYTES, &[b"\xff\xe2\0\x2bICC_PROFILE\0".as_slice(), words].concat()));
    sign(&app, &mut locked, vec![photo.named()]).await;
    assert_eq!(upload(&app, &locked, &photo).await, received());
    let kept = files(&data.join("attachments"));
    assert_eq!(kept.len(), 2);
    for file in &kept {
        let bytes = std::fs::read(file).unwrap();
        assert!(!bytes.windows(10).any(|part| part == &words[..10] || part == &photo.content[3000..3010]), "{file:?}");
    }
    let wrapped = format!("select count(*) from uploads where position('\\x{}'::bytea in content_key) > 0", hex(&photo.key));
    assert_eq!(count(&app.pool, &wrapped).await, 0, "neither does the database hold the key");
    // A disk that forgets or changes something: nothing is shown rather than something else.
    let whole = std::fs::read(&kept[0]).unwrap();
    std::fs::write(&kept[0], [&whole[..99], &[whole[99] ^ 1], &whole[100..]].concat()).unwrap();
    assert_eq!(fetch(&locked.phone.browser, photo.attachment_id).await.problem().code, ProblemCode::Unavailable);
    std::fs::remove_file(&kept[0]).unwrap();
    assert_eq!(fetch(&locked.phone.browser, photo.attachment_id).await.problem().code, ProblemCode::Unavailable);
    std::fs::write(&kept[0], whole).unwrap();
    assert_eq!(fetch(&locked.phone.browser, photo.attachment_id).await.status, StatusCode::OK);
    app.stop().await;
    std::fs::remove_dir_all(data).unwrap();
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_chunk_that_the_disk_lost_is_asked_for_again(pool: PgPool) {
    let data = folder("lost");
    let app = TestApp::start_as(pool, |config| config.data_dir.clone_from(&data)).await;
    let locked = Locked::of(&app, "maria").await;
    let photo = Photo::of(CHUNK_BYTES + 1);
    begin(&app, &photo.begin(&locked)).await;
    hand_in_one(&app, &photo, 0).await;
    files(&data.join("attachments")).iter().for_each(|file| std::fs::remove_file(file).unwrap());
    assert_eq!(hand_in_one(&app, &photo, 1).await, awaiting([0, 1]));
    assert_eq!(upload(&app, &locked, &photo).await, received());
    // All chunks were here when the server stopped, before it could look at them.
    run(&app.pool, "update uploads set verified_at = null, media_type = null").await;
    assert_eq!(begin(&app, &photo.begin(&locked)).await, received());
    app.stop().await;
    std::fs::remove_dir_all(data).unwrap();
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn what_nobody_waits_for_any_more_is_forgotten(pool: PgPool) {
    let data = folder("forgotten");
    let app = TestApp::start_as(pool, |config| config.data_dir.clone_from(&data)).await;
    let mut locked = Locked::of(&app, "maria").await;
    let (kept, begun, alone) = (Photo::of(60), Photo::of(CHUNK_BYTES + 1), Photo::of(70));
    sign(&app, &mut locked, vec![kept.named()]).await;
    begin(&app, &begun.begin(&locked)).await;
    hand_in_one(&app, &begun, 1).await;
    for photo in [&kept, &alone] {
        assert_eq!(upload(&app, &locked, photo).await, received());
    }
    let tidied = async |days: i32| {
        run(&app.pool, &format!("update uploads set touched_at = now() - interval '{days} days'")).await;
        tidy(&app.pool, &app.state().storage, &app.state().pokes).await.unwrap();
        (count(&app.pool, "select count(*) from uploads").await, files(&data.join("attachments")).len())
    };
    assert_eq!(tidied(UNFINISHED_DAYS - 1).await, (3, 3));
    // While something of hers waits for a person, everything of hers is kept.
    let waiting = Command::SignNote(note(CaseId(Uuid::now_v7()), "about no case"));
    assert_eq!(locked.phone.push_one(&waiting).await.status, Status::Quarantined);
    assert_eq!(tidied(WITHOUT_NOTE_DAYS + 1).await, (3, 3));
    run(
        &app.pool,
        "update reviews set decided_at = now(), decided_offset_min = 0, decided_by = worker_id, outcome = 'keep', reason = 'seen'",
    )
    .await;
    assert_eq!(tidied(UNFINISHED_DAYS + 1).await, (2, 2));
    assert_eq!(tidied(WITHOUT_NOTE_DAYS + 1).await, (1, 1));
    assert!(fetch(&locked.phone.browser, kept.attachment_id).await.body == kept.content);
    // Neither saw the other when they came at the same time: the next look finds that out.
    run(&app.pool, "update attachments set received_at = null").await;
    tidy(&app.pool, &app.state().storage, &app.state().pokes).await.unwrap();
    assert_eq!(fetch(&locked.phone.browser, kept.attachment_id).await.status, StatusCode::OK);
    app.stop().await;
    std::fs::remove_dir_all(data).unwrap();
}

#[sqlx::test(migrator = "server::db::MIGRATOR")]
async fn a_bucket_that_is_not_named_well_stops_the_start_and_says_what_to_do(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let error = server::attachments::Storage::open(&folder("bucket"), Some("https://bucket")).unwrap_err().to_string();
    assert!(error.contains("s3://bucket/folder") && error.contains("AWS_REGION"), "{error}");
    app.stop().await;
}
