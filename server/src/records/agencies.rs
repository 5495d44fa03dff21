//! Agencies: the outermost wall between data.

use domain::AgencyId;
use sqlx::PgConnection;

use super::RecordsError;

/// Makes an agency with the scope in which its workers see each other's names; as the owner, in a transaction of that agency.
///
/// # Errors
/// The database failed, or the agency exists.
pub async fn create_agency(tx: &mut PgConnection, agency_id: AgencyId, name: &str) -> Result<(), RecordsError> {
    sqlx::query!("insert into agencies (agency_id, name) values ($1, $2)", agency_id.0, name).execute(tx).await?;
    Ok(())
}

/// Every agency of this database with its name; as the owner.
///
/// # Errors
/// The database failed.
pub async fn list_agencies(tx: &mut PgConnection) -> Result<Vec<(AgencyId, String)>, RecordsError> {
    let rows = sqlx::query!("select agency_id, name from agencies order by created_at, agency_id").fetch_all(tx).await?;
    Ok(rows.into_iter().map(|row| (AgencyId(row.agency_id), row.name)).collect())
}
