/* SPDX-License-Identifier: MIT
 * koppel user: who may log in to the dashboard, and tokens of programs. */
#include "commands/command_user.h"

#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/paper.h"

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static bool flag_of(const json_t *row, const char *name)
{
    return json_is_true(json_object_get(row, name));
}

/* Asks; prints the answer as JSON where that is wanted, and gives *out then as NULL. */
static int ask(const struct command_line *line, const char *name, json_t *in_take, json_t **out)
{
    int rc = command_ask(line, name, in_take, NULL, NULL, out);
    if (rc == EXIT_OK && line->json) {
        command_print_json(*out);
        *out = NULL;
    }
    return rc;
}

/* Words of the order as members; NULL behind the last name. */
static json_t *members(const struct command_line *line, int from, const char *const *names)
{
    json_t *in = json_object();
    for (int i = 0; names[i] && from + i < line->count; i++)
        (void)json_object_set_new(in, names[i], command_json_text(line->words[from + i]));
    return in;
}

/* ---- users ---- */

static int list(const struct command_line *line)
{
    static const char *const heads[] = {"USER", "ROLE", "SECOND FACTOR", "SESSIONS", "SEEN", ""};
    struct paper p;
    json_t *out, *row;
    size_t i;
    char at[PAPER_TIME_BYTES];
    int rc = command_ask(line, "users.list", json_object(), NULL, NULL, &out);
    const json_t *users = json_object_get(out, "users");
    const struct zone *zone = line->json ? NULL : command_ask_zone(line);
    if (rc == EXIT_OK && !line->json && json_array_size(users) == 0)
        printf("nobody yet; koppel user claim prints a link for the first one\n");
    if (!line->json && json_array_size(users) > 0)
        paper_begin(&p, 6, heads);
    json_array_foreach(users, i, row) {
        if (line->json) {
            command_print_json(json_incref(row));
            continue;
        }
        const char *until = text_of(row, "invited_until");
        paper_cell(&p, PAPER_STRONG, "%s", text_of(row, "user"));
        paper_cell(&p, PAPER_PLAIN, "%s%s", text_of(row, "role"),
                   flag_of(row, "personal") ? "" : ", no personal data");
        paper_cell(&p, PAPER_PLAIN, "%s", flag_of(row, "totp") ? "yes" : "no");
        paper_cell(&p, PAPER_PLAIN, "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(row, "sessions")));
        paper_cell(&p, PAPER_PLAIN, "%s", paper_ago_text(text_of(row, "seen"), "never", zone, at));
        paper_cell(&p, PAPER_CARE, "%s%s", *until ? "invited until " : "",
                   *until                      ? until
                   : flag_of(row, "password") ? "" : "no password: koppel user reset");
    }
    if (!line->json && json_array_size(users) > 0)
        paper_end(&p, 0);
    json_decref(out);
    return rc;
}

/* A link that is to be handed to somebody. */
static int tell_link(int rc, json_t *out_take)
{
    if (out_take && *text_of(out_take, "url"))
        visible_print(stdout, "%s\n", text_of(out_take, "url"));
    else if (out_take)
        printf("no dashboard is shown now, so there is no link: run koppel serve, then koppel user "
               "reset\n");
    json_decref(out_take);
    return rc;
}

static int claim(const struct command_line *line)
{
    json_t *out;
    int rc = ask(line, "users.claim", json_object(), &out);
    return tell_link(rc, out);
}

static int add(const struct command_line *line)
{
    json_t *out, *in = members(line, 1, (const char *const[]){"user", NULL});
    (void)json_object_set_new(in, "role", json_string(line->role ? line->role : "viewer"));
    (void)json_object_set_new(in, "personal", json_boolean(line->personal));
    int rc = ask(line, "users.add", in, &out);
    return tell_link(rc, out);
}

static int reset(const struct command_line *line)
{
    json_t *out;
    int rc = ask(line, "users.reset", members(line, 1, (const char *const[]){"user", NULL}), &out);
    return tell_link(rc, out);
}

static int change(const struct command_line *line)
{
    json_t *out, *in = members(line, 1, (const char *const[]){"user", "role", NULL});
    if (line->personal)
        (void)json_object_set_new(in, "personal", json_true());
    int rc = ask(line, "users.change", in, &out);
    json_decref(out);
    return rc;
}

static int drop(const struct command_line *line)
{
    json_t *out;
    int rc = ask(line, "users.remove", members(line, 1, (const char *const[]){"user", NULL}), &out);
    json_decref(out);
    return rc;
}

/* ---- tokens ---- */

static int list_tokens(const struct command_line *line)
{
    static const char *const heads[] = {"TOKEN", "ROLE", "MADE BY", "USED", "UNTIL"};
    struct paper p;
    json_t *out, *row;
    size_t i;
    char at[PAPER_TIME_BYTES];
    int rc = command_ask(line, "tokens.list", json_object(), NULL, NULL, &out);
    const json_t *tokens = json_object_get(out, "tokens");
    const struct zone *zone = line->json ? NULL : command_ask_zone(line);
    if (!line->json && json_array_size(tokens) > 0)
        paper_begin(&p, 5, heads);
    json_array_foreach(tokens, i, row) {
        if (line->json) {
            command_print_json(json_incref(row));
            continue;
        }
        const char *until = text_of(row, "until");
        paper_cell(&p, PAPER_STRONG, "%s", text_of(row, "token"));
        paper_cell(&p, PAPER_PLAIN, "%s", text_of(row, "role"));
        paper_cell(&p, PAPER_PLAIN, "%s", text_of(row, "by"));
        paper_cell(&p, PAPER_PLAIN, "%s", paper_ago_text(text_of(row, "used"), "never", zone, at));
        paper_cell(&p, PAPER_PLAIN, "%s", *until ? until : "for ever");
    }
    if (!line->json && json_array_size(tokens) > 0)
        paper_end(&p, 0);
    json_decref(out);
    return rc;
}

static int add_token(const struct command_line *line)
{
    json_t *out, *in = members(line, 2, (const char *const[]){"token", NULL});
    (void)json_object_set_new(in, "role", json_string(line->role ? line->role : "viewer"));
    if (line->until)
        (void)json_object_set_new(in, "until", command_json_text(line->until));
    int rc = ask(line, "tokens.add", in, &out);
    if (out)
        visible_print(stdout, "%s\n", text_of(out, "secret"));
    json_decref(out);
    return rc;
}

static int drop_token(const struct command_line *line)
{
    json_t *out;
    json_t *in = members(line, 2, (const char *const[]){"token", NULL});
    int rc = ask(line, "tokens.remove", in, &out);
    json_decref(out);
    return rc;
}

static int token(const struct command_line *line)
{
    if (line->count == 1)
        return list_tokens(line);
    if (line->count == 3 && strcmp(line->words[1], "add") == 0)
        return add_token(line);
    return line->count == 3 && strcmp(line->words[1], "remove") == 0 ? drop_token(line)
                                                                     : COMMAND_MISUSED;
}

/* ---- */

int command_user(const struct command_line *line)
{
    static const struct {
        const char *name;
        int least, most; /* words, the order's name included */
        int (*run)(const struct command_line *line);
    } orders[] = {{"list", 1, 1, list},     {"add", 2, 2, add},    {"reset", 2, 2, reset},
                  {"change", 2, 3, change}, {"remove", 2, 2, drop}, {"token", 1, 3, token},
                  {"claim", 1, 1, claim}};
    const char *names[sizeof orders / sizeof *orders];
    const int count = (int)(sizeof orders / sizeof *orders);
    if (line->count == 0)
        return list(line);
    for (int i = 0; i < count; i++) {
        names[i] = orders[i].name;
        if (strcmp(line->words[0], names[i]) == 0)
            return line->count >= orders[i].least && line->count <= orders[i].most
                       ? orders[i].run(line) : COMMAND_MISUSED;
    }
    return command_unknown("order", line->words[0], "koppel user", names, count);
}
