// The real PostgreSQL: one seeded template for the whole run, and a copy of it for each test.
import { randomBytes } from "node:crypto";
import pg, { type ClientConfig, type QueryResultRow } from "pg";

const { Client } = pg;

/** The cluster that the tests use, named by `DATABASE_URL`; the role must be allowed to create databases and to see every row. */
const CLUSTER_URL = process.env.DATABASE_URL ?? "postgres://postgres@%2Ftmp%2Fdoorstep-pg/postgres";

/** The database that `global-setup` seeds; its name reaches the test workers through the environment. */
export const TEMPLATE_VARIABLE = "DOORSTEP_E2E_TEMPLATE";

/** The address of another database of the same cluster. */
export function databaseUrl(name: string): string {
  const [address, query] = CLUSTER_URL.split("?", 2);
  return address.replace(/\/[^/]*$/, `/${name}`) + (query ? `?${query}` : "");
}

/** What `pg` needs to reach a database, also over a unix socket (whose folder is percent-encoded in the host's place). */
function connection(name: string): ClientConfig {
  const url = new URL(databaseUrl(name));
  const host = decodeURIComponent(url.hostname) || url.searchParams.get("host") || "localhost";
  return {
    host,
    port: Number(url.port || url.searchParams.get("port") || 5432),
    user: decodeURIComponent(url.username) || "postgres",
    password: decodeURIComponent(url.password) || undefined,
    database: name,
  };
}

/** A fresh name; everything that the tests create begins alike, so that leftovers can be told apart. */
export function freshName(what: string): string {
  return `e2e_${what}_${randomBytes(5).toString("hex")}`;
}

async function onCluster(statement: string): Promise<void> {
  const client = new Client(connection("postgres"));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** One database, with a connection that sees every row. */
export class Database {
  private client: InstanceType<typeof Client> | undefined;

  private constructor(readonly name: string) {}

  get url(): string {
    return databaseUrl(this.name);
  }

  static async create(name: string, template?: string): Promise<Database> {
    await onCluster(`create database ${name}${template ? ` template ${template}` : ""}`);
    return new Database(name);
  }

  /** Runs a query and answers with its rows. */
  async rows<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    if (!this.client) {
      this.client = new Client(connection(this.name));
      await this.client.connect();
    }
    return (await this.client.query<Row>(text, values)).rows;
  }

  /** Runs a query that answers with one value. */
  async value<T>(text: string, values: unknown[] = []): Promise<T> {
    const [row] = await this.rows(text, values);
    return Object.values(row)[0] as T;
  }

  /** Lets go of the connection: a database that somebody is connected to cannot be copied. */
  async rest(): Promise<void> {
    await this.client?.end();
    this.client = undefined;
  }

  async drop(): Promise<void> {
    await this.rest();
    await onCluster(`drop database if exists ${this.name} with (force)`);
  }
}
