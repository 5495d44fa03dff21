//! Looks for what somebody changed in the audit trail after it was sealed: goes along each agency's chain and names the first place that
//! does not fit. It believes nothing that the database could have been taught to say: it reads bare rows and computes every seal itself.

use std::fmt;

use domain::{AgencyId, DateTime};
use sqlx::{PgConnection, PgPool};

use super::{
    StoredEvent,
    anchor::{Anchor, hex},
    chain::{self, BEGINNING, Seal},
};
use crate::{db, records, secrets::Secret};

/// How many places are read at a time.
const PAGE: i64 = 1_000;

/// What is wrong at a place of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The event is there, and is not what was sealed: it was changed, put in another's place, or its seal was.
    Changed { event_id: i64 },
    /// The event that was sealed here is gone.
    Deleted { event_id: i64 },
    /// The seal is gone, and others follow it.
    SealDeleted,
    /// An event was put among others that had been sealed before.
    Inserted { event_id: i64 },
    /// The chain is shorter than its own head says.
    CutOff,
    /// The chain is shorter than an anchor says, or was another one then.
    NotAnchored { at: DateTime },
}

/// The first bad place of an agency's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub agency_id: AgencyId,
    /// Where in the chain, from 1; where an event was put between, the place after which no more is sealed.
    pub position: i64,
    pub fault: Fault,
}

/// One agency's trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub agency_id: AgencyId,
    /// Events whose seals fit.
    pub sealed: i64,
    /// Events that wait for the worker that seals.
    pub waiting: i64,
    pub finding: Option<Finding>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { agency_id, position, fault } = self;
        write!(f, "agency {agency_id}, position {position}: ")?;
        match fault {
            Fault::Changed { event_id } => write!(f, "event {event_id} is not what was sealed here"),
            Fault::Deleted { event_id } => write!(f, "event {event_id} was deleted"),
            Fault::SealDeleted => write!(f, "the seal was deleted"),
            Fault::Inserted { event_id } => write!(f, "event {event_id} was inserted among sealed ones"),
            Fault::CutOff => write!(f, "the end of the chain was cut off here"),
            Fault::NotAnchored { at } => write!(f, "the anchor of {at} does not fit: the chain was cut off or replaced"),
        }
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.finding {
            Some(finding) => write!(f, "BAD {finding}"),
            None => write!(f, "good: agency {}, {} events sealed, {} waiting", self.agency_id, self.sealed, self.waiting),
        }
    }
}

/// Verifies the trail of every agency, against its anchors too; as the owner, and changing nothing.
///
/// # Errors
/// The database failed.
pub async fn verify_all(owner: &PgPool, key: &Secret, anchors: &[Anchor]) -> Result<Vec<Verified>, records::RecordsError> {
    let mut connection = owner.acquire().await?;
    let mut agencies: Vec<AgencyId> = records::list_agencies(&mut connection).await?.into_iter().map(|(agency_id, _)| agency_id).collect();
    drop(connection);
    // An agency that only an anchor remembers was deleted as a whole.
    agencies.extend(anchors.iter().map(|anchor| anchor.agency_id));
    agencies.sort();
    agencies.dedup();
    let mut verified = Vec::with_capacity(agencies.len());
    for agency_id in agencies {
        let anchors: Vec<&Anchor> = anchors.iter().filter(|anchor| anchor.agency_id == agency_id).collect();
        let mut tx = db::begin_reading_in_agency(owner, agency_id).await?;
        verified.push(verify(&mut tx, key, agency_id, &anchors).await?);
    }
    Ok(verified)
}

/// A place in the chain, with the event that should be there.
struct Link {
    position: i64,
    event_id: i64,
    seal: Vec<u8>,
    event: Option<StoredEvent>,
}

async fn verify(tx: &mut PgConnection, key: &Secret, agency_id: AgencyId, anchors: &[&Anchor]) -> Result<Verified, records::RecordsError> {
    let (mut sealed, mut seal): (i64, Seal) = (0, BEGINNING);
    let found = |position, fault| Finding { agency_id, position, fault };
    let mut finding = None;
    'chain: loop {
        let page = load_page(tx, agency_id, sealed).await?;
        for link in &page {
            match check(key, &seal, sealed + 1, link) {
                Ok(next) => seal = next,
                Err(fault) => {
                    finding = Some(found(sealed + 1, fault));
                    break 'chain;
                }
            }
            if let Some(fault) = check_anchors(anchors, sealed + 1, &seal) {
                finding = Some(found(sealed + 1, fault));
                break 'chain;
            }
            sealed += 1;
        }
        if page.is_empty() {
            break;
        }
    }
    if finding.is_none() {
        finding = check_end(tx, agency_id, sealed, &seal, anchors).await?.map(|fault| found(sealed, fault));
    }
    let waiting = count_waiting(tx, agency_id).await?;
    Ok(Verified { agency_id, sealed, waiting, finding })
}

/// The seal of a place, computed from what stands there.
fn check(key: &Secret, before: &Seal, position: i64, link: &Link) -> Result<Seal, Fault> {
    if link.position != position {
        return Err(Fault::SealDeleted);
    }
    let Some(event) = &link.event else { return Err(Fault::Deleted { event_id: link.event_id }) };
    let seal = chain::seal(key, before, position, event);
    if link.seal == seal { Ok(seal) } else { Err(Fault::Changed { event_id: link.event_id }) }
}

fn check_anchors(anchors: &[&Anchor], position: i64, seal: &Seal) -> Option<Fault> {
    let here = anchors.iter().filter(|anchor| anchor.position == position);
    here.into_iter().find(|anchor| anchor.seal != hex(seal)).map(|anchor| Fault::NotAnchored { at: anchor.at })
}

/// What only shows at the end: something is missing behind it, or stands between.
async fn check_end(
    tx: &mut PgConnection,
    agency_id: AgencyId,
    sealed: i64,
    seal: &Seal,
    anchors: &[&Anchor],
) -> Result<Option<Fault>, records::RecordsError> {
    let beyond = anchors.iter().filter(|anchor| anchor.position > sealed).min_by_key(|anchor| anchor.position);
    if let Some(anchor) = beyond {
        return Ok(Some(Fault::NotAnchored { at: anchor.at }));
    }
    let head = sqlx::query!("select position, seal from audit_heads where agency_id = $1", agency_id.0).fetch_optional(&mut *tx).await?;
    if !head.is_some_and(|head| head.position == sealed && head.seal == seal) {
        return Ok(Some(Fault::CutOff));
    }
    let inserted = sqlx::query_scalar!(
        "select e.event_id from audit_events e join audit_heads h using (agency_id)
         where e.agency_id = $1 and e.xid < h.settled_xid
            and not exists (select from audit_seals s where s.agency_id = $1 and s.event_id = e.event_id and s.xid = e.xid)
         order by e.xid, e.event_id
         limit 1",
        agency_id.0
    )
    .fetch_optional(tx)
    .await?;
    Ok(inserted.map(|event_id| Fault::Inserted { event_id }))
}

async fn load_page(tx: &mut PgConnection, agency_id: AgencyId, after: i64) -> Result<Vec<Link>, records::RecordsError> {
    let rows = sqlx::query!(
        r#"select s.position, s.event_id, s.seal, s.xid::text as "xid!", e.event_id as "found?", e.occurred_at as "occurred_at?",
            e.worker_id as "worker_id?", e.device_id, e.action as "action?", e.kind, e.entity_id, e.entity_ids, e.result as "result?", e.code, e.told_at
         from audit_seals s
         left join audit_events e on e.agency_id = s.agency_id and e.xid = s.xid and e.event_id = s.event_id
         where s.agency_id = $1 and s.position > $2
         order by s.position
         limit $3"#,
        agency_id.0,
        after,
        PAGE,
    )
    .fetch_all(tx)
    .await?;
    let mut links = Vec::with_capacity(rows.len());
    for row in rows {
        let event = match (row.found, row.occurred_at, row.worker_id, row.action, row.result) {
            (Some(event_id), Some(occurred_at), Some(worker_id), Some(action), Some(result)) => Some(StoredEvent {
                agency_id: agency_id.0,
                event_id,
                occurred_at,
                worker_id,
                device_id: row.device_id,
                action,
                kind: row.kind,
                entity_id: row.entity_id,
                entity_ids: row.entity_ids,
                result,
                code: row.code,
                told_at: row.told_at,
                xid: row.xid,
            }),
            _ => None,
        };
        links.push(Link { position: row.position, event_id: row.event_id, seal: row.seal, event });
    }
    Ok(links)
}

async fn count_waiting(tx: &mut PgConnection, agency_id: AgencyId) -> Result<i64, records::RecordsError> {
    let waiting = sqlx::query_scalar!(
        r#"select count(*) as "count!" from audit_events e
         where e.agency_id = $1 and not exists (select from audit_seals s where s.agency_id = $1 and s.event_id = e.event_id)"#,
        agency_id.0
    );
    Ok(waiting.fetch_one(tx).await?)
}
