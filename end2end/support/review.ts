// A matter that waits for a decision, as the server keeps one.
import type { Office } from "./office.ts";
import { MARIA } from "./steps.ts";

/** Maria's wish for another alert contradicts what stands in a case. */
export async function addContradiction(office: Office, caseId: string): Promise<void> {
  const value = (alert: string) => ({ safety: { risk: { level: "medium", reason: "Fell twice" }, alerts: [{ kind: "safety", text: alert }] } });
  const contradiction = {
    record: { kind: "case", id: caseId },
    seen: value("A dog in the yard."),
    wanted: value("Two dogs in the yard. Ring first."),
    found: value("A dog in the yard, which bites."),
  };
  await office.database.rows(
    `with device as (
       insert into devices (agency_id, device_id, worker_id, enrolled, app_build)
       select agency_id, gen_random_uuid(), worker_id, false, 'test' from workers where email = $1
       returning agency_id, device_id, worker_id
     )
     insert into reviews (agency_id, scope_id, worker_id, device_id, seq, mid, claimed_scope_id, case_id, entity_id, contradiction, mutation,
       recorded_at, recorded_offset_min, received_at)
     select agency_id, (select scope_id from scopes s where s.agency_id = device.agency_id and kind = 'agency-supervision'), worker_id, device_id, 1,
       gen_random_uuid(), worker_id, $2, $2, $3, '{}', now() - interval '3 hours', 0, now()
     from device`,
    [MARIA, caseId, JSON.stringify(contradiction)],
  );
}
