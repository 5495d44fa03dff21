// Seeds one template database for the whole run; the returned function takes it away again.
import { requireBuild, runCommand } from "./office.ts";
import { Database, freshName, TEMPLATE_VARIABLE } from "./postgres.ts";
import { sweepProfiles } from "./profile.ts";
import { SECRETS_VARIABLE, secretsOf } from "./thief.ts";

export default async function seedTemplate(): Promise<() => Promise<void>> {
  requireBuild();
  await sweepProfiles();
  const template = await Database.create(freshName("template"));
  try {
    await runCommand(template.url, "demo", "--clients", "12", "--notes", "8", "--seed", "7");
  } catch (error) {
    await template.drop();
    throw error;
  }
  process.env[TEMPLATE_VARIABLE] = template.name;
  process.env[SECRETS_VARIABLE] = JSON.stringify(await secretsOf(template));
  await template.rest();
  return () => template.drop();
}
