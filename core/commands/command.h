/* SPDX-License-Identifier: MIT
 * What a subcommand is, and what all of them share. One file each, named after it; table.c lists
 * them. */
#ifndef KOPPEL_COMMANDS_COMMAND_H
#define KOPPEL_COMMANDS_COMMAND_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"
#include "plugin/plugins.h"

/* Exit codes, as koppel(1) promises them. */
enum { EXIT_OK = 0, EXIT_PARKED = 1, EXIT_FAILED = 2, EXIT_USAGE = 64, EXIT_CONFIG = 78 };
/* What a command gives that was called in a way its table cannot tell: its usage is printed. */
enum { COMMAND_MISUSED = -1 };

/* What a word or an option's value is: what it is checked for, and what completes it in a shell. */
enum command_value {
    VALUE_NONE, /* a flag: takes none */
    VALUE_NUMBER,
    VALUE_COUNT, /* a number from 1 */
    VALUE_CHOICE, /* one of a few words, which the option lists */
    VALUE_WORD,   /* stands as it is written: `show` */
    VALUE_DIR,
    VALUE_FILE,
    VALUE_FLOW,
    VALUE_CONNECTION,
    VALUE_LIST, /* a choice list of the connection before it */
    VALUE_CASE, /* a case of the flow before it */
    VALUE_JOB,
    VALUE_PLUGIN,
    VALUE_TEXT,     /* whatever a person says */
    VALUE_PATH,     /* of a setting: "flows/orders/every" */
    VALUE_TABLE,    /* of a flow */
    VALUE_REVISION, /* of the configuration */
    VALUE_REASON,   /* that jobs come to */
    VALUE_CAUSE,    /* that jobs wait for */
};

/* The options, as they stand in the table; a command has a set of them. */
enum command_option_id {
    OPTION_CONFIG,
    OPTION_LOG,
    OPTION_VERBOSE,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_NO_COLOR,
    OPTION_ONCE,
    OPTION_WAIT,
    OPTION_PORT,
    OPTION_PASTE,
    OPTION_EXAMPLE,
    OPTION_ONLINE,
    OPTION_STATE,
    OPTION_FLOW,
    OPTION_LIMIT,
    OPTION_ALL,
    OPTION_JSON,
    OPTION_PLAN,
    OPTION_FOLLOW,
    OPTION_NOW,
    OPTION_TO,
    OPTION_UNSET,
    OPTION_EMAIL,
    OPTION_WHY,
    OPTION_REASON,
    OPTION_CAUSE,
    OPTION_KEY,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_AFTER,
    OPTION_SKIPPED,
    OPTION_YES,
    OPTION_ID,
    OPTION_FILE,
    OPTION_KEYS,
    OPTION_MAKE,
    OPTION_ACCEPT,
    OPTION_JOB,
    OPTION_CHECK,
    OPTION_RESEND,
    OPTION_FROM,
    OPTION_LAST_DAY, /* --to of a period; OPTION_TO is that of a place */
    OPTION_CSV,
    OPTION_QUEUE,
    OPTION_FAILED,
    OPTION_ROLE,
    OPTION_PERSONAL,
    OPTION_PREVIOUS,
    OPTION_ONLY,
    OPTION_RECORD,
    OPTION_REPLAY,
    OPTION_VALGRIND,
    OPTION_DEBIAN,
    OPTION_ANSWERS,
    OPTION_LANG,
    OPTION_REVISION,
    OPTION_OVER,
    OPTION_COUNT
};
#define OPTION_BIT(id) (UINT64_C(1) << (id))

/* SIGHUP does not end the command. */
#define COMMAND_STAYS (UINT64_C(1) << 63)
_Static_assert(OPTION_COUNT < 63, "the options of a command do not fit into its set");

struct command_option {
    const char *name;
    char letter; /* 0: it has none */
    enum command_value kind;
    const char *value; /* how --help names it; NULL with VALUE_NONE */
    const char *help;
    size_t at;                  /* its member of struct command_line: bool, int or const char * */
    int max;                    /* of a number, from 0 */
    const char *const *choices; /* NULL behind the last; NULL: any */
};

struct command_argument {
    const char *name; /* how --help names it; NULL: there are no more */
    enum command_value kind;
    bool optional;
    bool goes_on; /* is left out together with the optional one before it */
    bool many;    /* once or more; the last one */
};

/* What was asked for. */
struct command_line {
    const char *dir;          /* the configuration directory */
    bool help, version;       /* --help, --version */
    const char *log;          /* --log, NULL: logfmt */
    bool verbose;             /* -v */
    bool no_color;            /* --no-color */
    bool json;                /* --json */
    bool once;                /* --once */
    bool all;                 /* --all */
    bool online;              /* --online */
    bool paste;               /* --paste */
    bool example;             /* --example */
    bool plan, now, follow;   /* --plan, --now, --follow */
    const char *to;           /* --to */
    const char *email;        /* --email */
    const char *state, *flow; /* --state, --flow */
    bool unset;               /* --unset */
    const char *reason, *cause, *key; /* --reason, --cause, --key */
    const char *since, *until, *after; /* --since, --until, --after */
    bool skipped, yes;        /* --skipped, --yes */
    const char *why, *id, *file; /* --why, --id, --file */
    const char *keys;         /* --keys */
    const char *make, *accept; /* --make, --accept */
    const char *job;          /* --job */
    bool check;               /* --check */
    bool resend;              /* --resend */
    const char *from;         /* --from */
    bool csv, queue;          /* --csv, --queue */
    const char *failed;       /* --failed */
    const char *role;         /* --role */
    bool personal;            /* --personal */
    const char *previous, *only, *record, *replay; /* --previous, --only, --record, --replay */
    bool valgrind;            /* --valgrind */
    bool debian;              /* --debian */
    const char *answers, *lang; /* --answers, --lang */
    int revision, over;       /* --revision, --over; 0: none */
    int limit;                /* --limit, 0: the command's own */
    int port;                 /* --port, 0: any */
    int wait_s;               /* --wait, -1: the command's own */
    char **words;             /* what is not an option, after the command's name */
    int count;
};

#define COMMAND_ARGUMENTS 4

struct command {
    const char *name, *summary;
    struct command_argument arguments[COMMAND_ARGUMENTS + 1];
    /* Set of OPTION_BIT, beside those that go with every command; and COMMAND_STAYS. */
    uint64_t options;
    /* NULL: completion, which reads the table that this stands in. */
    int (*run)(const struct command_line *line);
};

/* The exit code that fits the error's kind. */
int command_code(const struct koppel_error *err);
/* Prints err on standard error; its exit code. */
int command_failed(const struct koppel_error *err);
/* Tells that there is no such thing ("flow") by this name in a place, with the nearest of the names
 * (NULL entries are passed over). Gives EXIT_USAGE. */
int command_unknown(const char *thing, const char *name, const char *place,
                    const char *const *names, int count);
/* The directories where plugins are looked for. NULL: no memory. */
struct plugins *command_plugins_new(struct koppel_error *err);
/* Prints a JSON value and a newline on standard output; frees it. What cannot be printed (NULL: it
 * could not be made) is told, and command_end makes a failure of it. */
void command_print_json(json_t *value_take);
#define COMMAND_SIZE_BYTES 32
/* An absolute path of what a person wrote, which need not be there. NULL: no memory, or no working
 * directory (errno). free() it. */
char *command_path(const char *word);
/* "412.3 MiB": in the largest unit that leaves a whole part. Gives out. */
const char *command_size(long long bytes, char out[COMMAND_SIZE_BYTES]);
/* The words from one on, as a list. */
json_t *command_words(const struct command_line *line, int from);
/* A string for such a value, whatever bytes it holds; NULL text: null. */
json_t *command_json_text(const char *text);
/* The exit code of a command that gave rc, when all that it printed has arrived. */
int command_end(int rc);
/* The worse of two exit codes: the one that asks more of a person. */
int command_worse(int a, int b);

#endif
