/** Run by test_typescript_client: allocate, read, change, and be refused in each way. */
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

interface Given {
  address: string;
  token: string;
  reader: string;
  allocation: components["schemas"]["AllocateAuditBody"];
  extension: components["schemas"]["ExtendAuditBody"];
}

declare const process: { readonly argv: readonly string[] };

const given: Given = JSON.parse(process.argv[2] ?? "");

const as = (token: string) =>
  createClient<paths>({
    baseUrl: given.address,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
  });

function holds(what: string, found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`${what}: ${String(found)} and not ${String(wanted)}`);
}

/** What came, by the generated type; a refusal ends the round. */
function taken<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data !== undefined) return answer.data;
  throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
}

function refused(
  answer: { error?: components["schemas"]["Problem"]; response: Response },
  status: number,
  code: string,
): components["schemas"]["ProblemError"][] {
  const problem = answer.error;
  if (problem === undefined) throw new Error(`it was not refused with ${status} ${code}`);
  holds("status", answer.response.status, status);
  holds("content", answer.response.headers.get("Content-Type"), "application/problem+json");
  holds("status told", problem.status, status);
  holds("code", problem.code, code);
  return problem.errors;
}

const lead = as(given.token);
const reader = as(given.reader);
const AUDITS = "/api/v1/case-audits";
const AUDIT = "/api/v1/case-audits/{audit}";
const EXTENSION = "/api/v1/case-audits/{audit}/extension";

refused(await as("").GET("/api/v1/teams"), 401, "not-signed-in");
refused(await reader.POST(AUDITS, { body: given.allocation }), 403, "forbidden");
const unknown = { ...given.allocation, tool: "x" };
const wrong = refused(await lead.POST(AUDITS, { body: unknown }), 422, "tool-unknown");
holds("fields that are wrong", wrong.map((each) => each.field).join(), "tool");

const made = await lead.POST(AUDITS, { body: given.allocation });
const receipt = taken(made);
const path = { audit: receipt.result.audit };

const shown = await lead.GET(AUDIT, { params: { path } });
holds("child", taken(shown).audit.child, given.allocation.child);
const seen = shown.response.headers.get("ETag") ?? "";
const nothing = { path: { audit: "0".repeat(32) } };
refused(await lead.GET(AUDIT, { params: nothing }), 404, "not-found");

const body = given.extension;
const unsaid = await lead.POST(EXTENSION, { params: { path }, body });
refused(unsaid, 428, "precondition-missing");
const header = { "if-match": seen };
const done = taken(await lead.POST(EXTENSION, { params: { path, header }, body }));
holds("version", done.version, (receipt.version ?? NaN) + 1);
const behind = await lead.POST(EXTENSION, { params: { path, header }, body });
refused(behind, 409, "moved-on");
const after = await lead.HEAD(AUDIT, { params: { path } });
holds("ETag", after.response.headers.get("ETag"), `"${done.version}"`);
