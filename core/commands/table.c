/* SPDX-License-Identifier: MIT
 * Every command and every option. */
#include "commands/table.h"

#include <string.h>

#include "commands/command_activity.h"
#include "commands/command_alert.h"
#include "commands/command_audit.h"
#include "commands/command_backup.h"
#include "commands/command_causes.h"
#include "commands/command_check.h"
#include "commands/command_choices.h"
#include "commands/command_config.h"
#include "commands/command_connect.h"
#include "commands/command_connection.h"
#include "commands/command_done.h"
#include "commands/command_edit.h"
#include "commands/command_hosts.h"
#include "commands/command_init.h"
#include "commands/command_jobs.h"
#include "commands/command_keep.h"
#include "commands/command_map.h"
#include "commands/command_mapping.h"
#include "commands/command_new.h"
#include "commands/command_pause.h"
#include "commands/command_person.h"
#include "commands/command_plugin_test.h"
#include "commands/command_plugins.h"
#include "commands/command_preview.h"
#include "commands/command_publish.h"
#include "commands/command_reconcile.h"
#include "commands/command_reload.h"
#include "commands/command_restore.h"
#include "commands/command_resume.h"
#include "commands/command_retry.h"
#include "commands/command_figures.h"
#include "commands/command_runs.h"
#include "commands/command_serve.h"
#include "commands/command_set.h"
#include "commands/command_setup.h"
#include "commands/command_skip.h"
#include "commands/command_status.h"
#include "commands/command_stop.h"
#include "commands/command_store.h"
#include "commands/command_sync.h"
#include "commands/command_system.h"
#include "commands/command_table.h"
#include "commands/command_test.h"
#include "commands/command_user.h"

static const char *const states[] = {"new", "done", "skipped", "parked", "waiting", NULL};

static const char *const languages[] = {"en", "de", "nl", NULL};

static const char *const log_forms[] = {"logfmt", "json", NULL};

#define AT(member) offsetof(struct command_line, member)
#define NUMBER_MAX 1000000

const struct command_option table_options[OPTION_COUNT] = {
    [OPTION_CONFIG] = {"config", 'c', VALUE_DIR, "DIR",
                       "configuration directory (default $KOPPEL_CONFIG or " KOPPEL_CONFDIR
                       "); of plugin-test, a connection's file",
                       AT(dir), 0, NULL},
    [OPTION_LOG] = {"log", 'l', VALUE_CHOICE, "FORM", "write log lines as logfmt (default) or json",
                    AT(log), 0, log_forms},
    [OPTION_VERBOSE] = {"verbose", 'v', VALUE_NONE, NULL, "more log lines", AT(verbose), 0, NULL},
    [OPTION_HELP] = {"help", 'h', VALUE_NONE, NULL, "this text; with a command, the command's",
                     AT(help), 0, NULL},
    [OPTION_VERSION] = {"version", 'V', VALUE_NONE, NULL, "the program's version", AT(version), 0,
                        NULL},
    [OPTION_NO_COLOR] = {"no-color", 0, VALUE_NONE, NULL, "no colours, on a terminal either",
                         AT(no_color), 0, NULL},
    [OPTION_ONCE] = {"once", 0, VALUE_NONE, NULL, "accepted for clarity; sync always runs once",
                     AT(once), 0, NULL},
    [OPTION_WAIT] = {"wait", 0, VALUE_NUMBER, "S", "how many seconds to wait for what comes later",
                     AT(wait_s), NUMBER_MAX, NULL},
    [OPTION_PORT] = {"port", 0, VALUE_NUMBER, "N",
                     "port of the redirect address on 127.0.0.1 (any free one)", AT(port), 65535,
                     NULL},
    [OPTION_PASTE] = {"paste", 0, VALUE_NONE, NULL,
                      "for a browser elsewhere: ask for the address that it comes to in the end",
                      AT(paste), 0, NULL},
    [OPTION_EXAMPLE] = {"example", 0, VALUE_NONE, NULL,
                        "with the shipped example; files that are there stay", AT(example), 0,
                        NULL},
    [OPTION_ONLINE] = {"online", 0, VALUE_NONE, NULL,
                       "also ask the systems: logins, values, published descriptions", AT(online),
                       0, NULL},
    [OPTION_STATE] = {"state", 0, VALUE_CHOICE, "STATE",
                      "only new, done, skipped, parked or waiting jobs", AT(state), 0, states},
    [OPTION_FLOW] = {"flow", 0, VALUE_FLOW, "FLOW", "only this flow's jobs", AT(flow), 0, NULL},
    [OPTION_LIMIT] = {"limit", 0, VALUE_COUNT, "N", "how many rows", AT(limit), NUMBER_MAX, NULL},
    [OPTION_ALL] = {"all", 0, VALUE_NONE, NULL,
                    "every parked or waiting job; every enabled flow; every alert", AT(all), 0,
                    NULL},
    [OPTION_JSON] = {"json", 0, VALUE_NONE, NULL, "one JSON value per line", AT(json), 0, NULL},
    [OPTION_PLAN] = {"plan", 0, VALUE_NONE, NULL, "only say what would be done", AT(plan), 0,
                     NULL},
    [OPTION_FOLLOW] = {"follow", 0, VALUE_NONE, NULL,
                       "a few at a time, until each has come to something", AT(follow), 0, NULL},
    [OPTION_REASON] = {"reason", 0, VALUE_REASON, "CODE", "only with this reason", AT(reason), 0,
                       NULL},
    [OPTION_CAUSE] = {"cause", 0, VALUE_CAUSE, "CAUSE", "only what waits for this cause", AT(cause),
                      0, NULL},
    [OPTION_KEY] = {"key", 0, VALUE_WORD, "KEY", "only of this key of the source", AT(key), 0,
                    NULL},
    [OPTION_SINCE] = {"since", 0, VALUE_WORD, "DATE", "only what is of that day or later",
                      AT(since), 0, NULL},
    [OPTION_UNTIL] = {"until", 0, VALUE_WORD, "DATE",
                      "only what is of that day or earlier; until when an alert is let be",
                      AT(until), 0, NULL},
    [OPTION_AFTER] = {"after", 0, VALUE_WORD, "PLACE", "go on where the list before ended",
                      AT(after), 0, NULL},
    [OPTION_SKIPPED] = {"skipped", 0, VALUE_NONE, NULL, "those that were skipped", AT(skipped), 0,
                        NULL},
    [OPTION_YES] = {"yes", 0, VALUE_NONE, NULL, "do not ask first", AT(yes), 0, NULL},
    [OPTION_WHY] = {"why", 0, VALUE_WORD, "TEXT", "the reason, for whoever looks at it later",
                    AT(why), 0, NULL},
    [OPTION_REVISION] = {"revision", 0, VALUE_COUNT, "N", "that revision, not the files",
                         AT(revision), NUMBER_MAX, NULL},
    [OPTION_OVER] = {"over", 0, VALUE_COUNT, "N", "in the place of that revision", AT(over),
                     NUMBER_MAX, NULL},
    [OPTION_ID] = {"id", 0, VALUE_WORD, "ID",
                   "what stands at the destination; of reconcile a comparison that is kept", AT(id),
                   0, NULL},
    [OPTION_KEYS] = {"keys", 0, VALUE_FILE, "FILE",
                     "read these records again, a key of the source per line; - is standard input",
                     AT(keys), 0, NULL},
    [OPTION_FILE] = {"file", 0, VALUE_FILE, "FILE", "a record as JSON; of preview one or more",
                     AT(file), 0, NULL},
    [OPTION_JOB] = {"job", 0, VALUE_JOB, "JOB", "what was read for this job", AT(job), 0, NULL},
    [OPTION_CHECK] = {"check", 0, VALUE_NONE, NULL,
                      "ask the destination to judge what would be made, where it can", AT(check), 0,
                      NULL},
    [OPTION_RESEND] = {"resend", 0, VALUE_NONE, NULL,
                       "show what would change if what was delivered were sent again; with --yes: "
                       "send it", AT(resend), 0, NULL},
    [OPTION_FROM] = {"from", 0, VALUE_WORD, "DATE", "the first day", AT(from), 0, NULL},
    [OPTION_LAST_DAY] = {"to", 0, VALUE_WORD, "DATE", "the last day (today)", AT(to), 0, NULL},
    [OPTION_CSV] = {"csv", 0, VALUE_NONE, NULL, "rows for a spreadsheet", AT(csv), 0, NULL},
    [OPTION_QUEUE] = {"queue", 0, VALUE_NONE, NULL, "take what is missing again", AT(queue), 0,
                      NULL},
    [OPTION_EMAIL] = {"email", 0, VALUE_WORD, "ADDRESS",
                      "whose records; - reads the address from standard input", AT(email), 0, NULL},
    [OPTION_TO] = {"to", 0, VALUE_DIR, "DIR", "a new folder that it goes into", AT(to), 0, NULL},
    [OPTION_NOW] = {"now", 0, VALUE_NONE, NULL, "do it, and wait until it is done", AT(now), 0,
                     NULL},
    [OPTION_MAKE] = {"make", 0, VALUE_WORD, "KEY", "make a case of the record of that key",
                     AT(make), 0, NULL},
    [OPTION_ACCEPT] = {"accept", 0, VALUE_WORD, "CASE", "expect of it what comes out now",
                       AT(accept), 0, NULL},
    [OPTION_FAILED] = {"failed", 0, VALUE_WORD, "UNIT",
                       "that service is gone: tell the channels, without an engine", AT(failed), 0,
                       NULL},
    [OPTION_ROLE] = {"role", 0, VALUE_WORD, "ROLE",
                     "viewer (default), operator or admin; of a token also metrics", AT(role), 0,
                     NULL},
    [OPTION_PERSONAL] = {"personal", 0, VALUE_NONE, NULL,
                         "as a viewer, too, the user may see personal data", AT(personal), 0,
                         NULL},
    [OPTION_PREVIOUS] = {"previous", 0, VALUE_FILE, "FILE",
                         "the catalogue of the version before, to compare with", AT(previous), 0,
                         NULL},
    [OPTION_ONLY] = {"only", 0, VALUE_WORD, "CHECK", "one check, or all of a letter", AT(only),
                     0, NULL},
    [OPTION_RECORD] = {"record", 0, VALUE_DIR, "DIR", "keep what the system answers in this folder",
                       AT(record), 0, NULL},
    [OPTION_REPLAY] = {"replay", 0, VALUE_DIR, "DIR", "answer from such a folder, asking nobody",
                       AT(replay), 0, NULL},
    [OPTION_VALGRIND] = {"valgrind", 0, VALUE_NONE, NULL,
                         "under valgrind, which sees wrong use of memory", AT(valgrind), 0, NULL},
    [OPTION_DEBIAN] = {"debian", 0, VALUE_NONE, NULL, "with what makes a Debian package of it",
                       AT(debian), 0, NULL},
    [OPTION_ANSWERS] = {"answers", 0, VALUE_FILE, "FILE",
                        "a file of answers, by step and question, in place of a person",
                        AT(answers), 0, NULL},
    [OPTION_LANG] = {"lang", 0, VALUE_CHOICE, "LANG", "the language of the questions: en, de or nl",
                     AT(lang), 0, languages},
    [OPTION_UNSET] = {"unset", 0, VALUE_NONE, NULL, "take the setting away", AT(unset), 0, NULL},
};

#define BIT OPTION_BIT
#define FILTER                                                                                     \
    (BIT(OPTION_FLOW) | BIT(OPTION_REASON) | BIT(OPTION_CAUSE) | BIT(OPTION_KEY) |                 \
     BIT(OPTION_SINCE) | BIT(OPTION_UNTIL))

#define HISTORY                                                                                    \
    (BIT(OPTION_SINCE) | BIT(OPTION_UNTIL) | BIT(OPTION_LIMIT) | BIT(OPTION_AFTER) |               \
     BIT(OPTION_JSON))

const struct command table_commands[] = {
    {"init",
     "make a configuration directory with its sealing key",
     {{.name = "DIR", .kind = VALUE_DIR, .optional = true}},
     BIT(OPTION_EXAMPLE),
     command_init},
    {"setup",
     "link two systems, from their credentials to the first record",
     {{0}},
     BIT(OPTION_ANSWERS) | BIT(OPTION_LANG) | BIT(OPTION_PORT) | BIT(OPTION_JSON),
     command_setup},
    {"connect",
     "log a connection in (OAuth 2.0); prints the address to open",
     {{.name = "NAME", .kind = VALUE_CONNECTION}},
     BIT(OPTION_PASTE) | BIT(OPTION_PORT) | BIT(OPTION_WAIT),
     command_connect},
    {"connection",
     "how the connections stand; test one by steps; addresses for messages",
     {{.name = "list|test|hook|unhook", .kind = VALUE_WORD},
      {.name = "NAME", .kind = VALUE_CONNECTION, .optional = true},
      {.name = "ENTITY", .kind = VALUE_WORD, .optional = true}},
     BIT(OPTION_JSON),
     command_connection},
    {"check",
     "load everything as the engine would and report every mistake",
     {{0}},
     BIT(OPTION_ONLINE) | BIT(OPTION_JSON),
     command_check},
    {"choices",
     "what a system has in one of its lists, for settings and tables",
     {{.name = "CONNECTION", .kind = VALUE_CONNECTION},
      {.name = "LIST", .kind = VALUE_LIST, .optional = true}},
     BIT(OPTION_JSON),
     command_choices},
    {"sync",
     "run flows once, to the end",
     {{.name = "FLOW", .kind = VALUE_FLOW, .optional = true, .many = true}},
     BIT(OPTION_ALL) | BIT(OPTION_ONCE) | BIT(OPTION_WAIT) | BIT(OPTION_SINCE) |
         BIT(OPTION_KEYS) | BIT(OPTION_RESEND) | BIT(OPTION_YES) | BIT(OPTION_JSON) | COMMAND_STAYS,
     command_sync},
    {"reconcile",
     "compare both systems over a period, to the cent; what was found before",
     {{.name = "FLOW", .kind = VALUE_FLOW}},
     BIT(OPTION_FROM) | BIT(OPTION_LAST_DAY) | BIT(OPTION_QUEUE) | BIT(OPTION_WAIT) |
         BIT(OPTION_CSV) | BIT(OPTION_ID) | HISTORY | COMMAND_STAYS,
     command_reconcile},
    {"serve", "run every enabled flow at its interval", {{0}}, COMMAND_STAYS, command_serve},
    {"reload",
     "let the engine that runs take the configuration as it stands now",
     {{0}},
     BIT(OPTION_JSON),
     command_reload},
    {"stop", "let the engine that runs finish the records at hand and end", {{0}}, 0, command_stop},
    {"mapping",
     "the mapping in effect: every rule, where it stands, what it replaces",
     {{.name = "FLOW", .kind = VALUE_FLOW}},
     BIT(OPTION_JSON),
     command_mapping},
    {"map",
     "a prompt: type rules and see at once what they make of a record",
     {{.name = "FLOW", .kind = VALUE_FLOW}},
     BIT(OPTION_KEY) | BIT(OPTION_FILE),
     command_map},
    {"preview",
     "show what would become of records, field by field; writes nothing",
     {{.name = "FLOW", .kind = VALUE_FLOW}},
     BIT(OPTION_KEY) | BIT(OPTION_JOB) | BIT(OPTION_FILE) | BIT(OPTION_LIMIT) | BIT(OPTION_CHECK) |
         BIT(OPTION_JSON),
     command_preview},
    {"test",
     "run the cases of flows offline, make one, or accept what comes out",
     {{.name = "FLOW", .kind = VALUE_FLOW, .optional = true},
      {.name = "CASE", .kind = VALUE_CASE, .optional = true}},
     BIT(OPTION_MAKE) | BIT(OPTION_ACCEPT) | BIT(OPTION_JSON),
     command_test},
    {"status",
     "how the flows stand, the worst first; of some, their counts",
     {{.name = "FLOW", .kind = VALUE_FLOW, .optional = true, .many = true}},
     BIT(OPTION_JSON),
     command_status},
    {"runs",
     "the runs that did something or failed, newest first",
     {{.name = "FLOW", .kind = VALUE_FLOW, .optional = true}},
     HISTORY,
     command_runs},
    {"hosts", "the engines that share the store, the oldest first", {{0}}, BIT(OPTION_JSON),
     command_hosts},
    {"publish", "make the configuration that of all hosts that share the store", {{0}},
     BIT(OPTION_REVISION) | BIT(OPTION_OVER) | BIT(OPTION_WHY) | BIT(OPTION_JSON),
     command_publish},
    {"store",
     "move FROM TO: take the store to another place; upgrade: to what this program knows",
     {{.name = "WHAT", .kind = VALUE_WORD},
      {.name = "FROM", .kind = VALUE_FILE, .optional = true},
      {.name = "TO", .kind = VALUE_FILE, .optional = true, .goes_on = true}},
     BIT(OPTION_JSON),
     command_store},
    {"figures",
     "how much was read and settled when, oldest first",
     {{.name = "FLOW", .kind = VALUE_FLOW, .optional = true}},
     BIT(OPTION_SINCE) | BIT(OPTION_UNTIL) | BIT(OPTION_JSON),
     command_figures},
    {"audit",
     "who ordered what, newest first; of one flow, job or connection",
     {{.name = "ABOUT", .kind = VALUE_TEXT, .optional = true}},
     HISTORY,
     command_audit},
    {"causes",
     "what records wait for, and what helps",
     {{.name = "FLOW", .kind = VALUE_FLOW, .optional = true}},
     BIT(OPTION_JSON),
     command_causes},
    {"jobs",
     "list jobs, newest first, or find them by words",
     {{.name = "WORD", .kind = VALUE_WORD, .optional = true, .many = true}},
     FILTER | BIT(OPTION_STATE) | BIT(OPTION_LIMIT) | BIT(OPTION_AFTER) | BIT(OPTION_JSON),
     command_jobs},
    {"retry",
     "try parked, waiting or skipped jobs again",
     {{.name = "JOB", .kind = VALUE_JOB, .optional = true, .many = true}},
     FILTER | BIT(OPTION_ALL) | BIT(OPTION_SKIPPED) | BIT(OPTION_PLAN) | BIT(OPTION_YES) |
         BIT(OPTION_FOLLOW),
     command_retry},
    {"skip",
     "leave jobs out",
     {{.name = "JOB", .kind = VALUE_JOB, .optional = true, .many = true}},
     FILTER | BIT(OPTION_WHY) | BIT(OPTION_PLAN) | BIT(OPTION_YES),
     command_skip},
    {"done",
     "settle a job with what stands at the destination",
     {{.name = "JOB", .kind = VALUE_JOB}},
     BIT(OPTION_ID) | BIT(OPTION_WHY),
     command_done},
    {"edit",
     "change a job's record and try it again",
     {{.name = "JOB", .kind = VALUE_JOB},
      {.name = "CHANGE", .kind = VALUE_WORD, .optional = true, .many = true}},
     BIT(OPTION_FILE) | BIT(OPTION_WHY),
     command_edit},
    {"activity",
     "what happened to a job, step by step",
     {{.name = "JOB", .kind = VALUE_JOB}},
     BIT(OPTION_JSON),
     command_activity},
    {"pause",
     "let the record at hand finish and start nothing new",
     {{.name = "FLOW", .kind = VALUE_FLOW}},
     BIT(OPTION_WHY),
     command_pause},
    {"resume",
     "go on with a paused flow",
     {{.name = "FLOW", .kind = VALUE_FLOW}},
     0,
     command_resume},
    {"keep",
     "what is kept longer than koppel.conf says, and erasing it",
     {{0}},
     BIT(OPTION_PLAN) | BIT(OPTION_NOW) | BIT(OPTION_JSON),
     command_keep},
    {"backup",
     "copy store and configuration into one file, while an engine runs",
     {{.name = "FILE", .kind = VALUE_FILE}},
     BIT(OPTION_JSON),
     command_backup},
    {"restore",
     "put a backup back in the place of the store, or into a new folder",
     {{.name = "FILE", .kind = VALUE_FILE}},
     BIT(OPTION_TO) | BIT(OPTION_JSON),
     command_restore},
    {"set",
     "change one setting; every other byte of its file stays",
     {{.name = "PATH", .kind = VALUE_PATH},
      {.name = "VALUE", .kind = VALUE_TEXT, .optional = true}},
     BIT(OPTION_UNSET) | BIT(OPTION_WHY) | BIT(OPTION_JSON),
     command_set},
    {"table",
     "show a value table; add, set or remove KEY changes a row",
     {{.name = "NAME", .kind = VALUE_TABLE},
      {.name = "DO", .kind = VALUE_TEXT, .optional = true},
      {.name = "KEY", .kind = VALUE_TEXT, .optional = true, .goes_on = true},
      {.name = "VALUE", .kind = VALUE_TEXT, .optional = true, .goes_on = true}},
     BIT(OPTION_WHY) | BIT(OPTION_JSON),
     command_table},
    {"config",
     "log, show N, diff N M, status, rollback N: earlier configurations",
     {{.name = "WHAT", .kind = VALUE_TEXT},
      {.name = "N", .kind = VALUE_REVISION, .optional = true},
      {.name = "M", .kind = VALUE_REVISION, .optional = true, .goes_on = true},
      {.name = "FILE", .kind = VALUE_TEXT, .optional = true, .goes_on = true}},
     BIT(OPTION_LIMIT) | BIT(OPTION_WHY) | BIT(OPTION_JSON),
     command_config},
    {"person",
     "find, export or erase one person's records by e-mail address",
     {{.name = "WHAT", .kind = VALUE_WORD}, {.name = "DIR", .kind = VALUE_DIR, .optional = true}},
     BIT(OPTION_EMAIL) | BIT(OPTION_WHY) | BIT(OPTION_JSON),
     command_person},
    {"alert",
     "what needs a person; list, acknowledge N, test CHANNEL",
     {{.name = "WHAT", .kind = VALUE_TEXT, .optional = true},
      {.name = "NAME", .kind = VALUE_TEXT, .optional = true}},
     BIT(OPTION_ALL) | BIT(OPTION_UNTIL) | BIT(OPTION_FAILED) | BIT(OPTION_JSON),
     command_alert},
    {"system",
     "the program and its machine; bundle: what a maintainer asks for, as JSON",
     {{.name = "bundle", .kind = VALUE_WORD, .optional = true}},
     BIT(OPTION_JSON),
     command_system},
    {"user",
     "who may log in to the dashboard, and tokens of programs",
     {{.name = "WHAT", .kind = VALUE_TEXT, .optional = true},
      {.name = "NAME", .kind = VALUE_TEXT, .optional = true},
      {.name = "MORE", .kind = VALUE_TEXT, .optional = true}},
     BIT(OPTION_ROLE) | BIT(OPTION_PERSONAL) | BIT(OPTION_UNTIL) | BIT(OPTION_JSON),
     command_user},
    {"plugins",
     "list the plugins, or show what one can do",
     {{.name = "show", .kind = VALUE_WORD, .optional = true},
      {.name = "NAME", .kind = VALUE_PLUGIN, .optional = true, .goes_on = true}},
     BIT(OPTION_JSON),
     command_plugins},
    {"plugin-test",
     "hold a plugin against the contract, check by check",
     {{.name = "FILE", .kind = VALUE_FILE}},
     BIT(OPTION_PREVIOUS) | BIT(OPTION_ONLY) | BIT(OPTION_RECORD) | BIT(OPTION_REPLAY) |
         BIT(OPTION_VALGRIND) | BIT(OPTION_JSON),
     command_plugin_test},
    {"new",
     "the folder of a new plugin: connector or transform",
     {{.name = "KIND", .kind = VALUE_WORD}, {.name = "NAME", .kind = VALUE_TEXT}},
     BIT(OPTION_DEBIAN),
     command_new},
    {"completion",
     "the script that completes this command line in a shell",
     {{.name = "bash|zsh|fish", .kind = VALUE_WORD, .many = true}},
     0,
     NULL},
    {.name = NULL},
};

const struct command *table_command(const char *name)
{
    for (const struct command *c = table_commands; c->name; c++) {
        if (strcmp(c->name, name) == 0)
            return c;
    }
    return NULL;
}

bool table_always(int option)
{
    return table_options[option].letter || option == OPTION_NO_COLOR;
}

bool table_takes(const struct command *c, int option)
{
    return table_always(option) || (c && c->options & BIT(option));
}
