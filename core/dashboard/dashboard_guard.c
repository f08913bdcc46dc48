/* SPDX-License-Identifier: MIT
 * Who asks, and whether a page of somebody else made the browser ask. */
#include "dashboard/dashboard_guard.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "config/conf_dashboard.h"
#include "dashboard/dashboard_problem.h"
#include "service/tokens.h"

#define COOKIE "__Host-koppel"
#define REMEMBERED_S (30 * 24 * 60 * 60)

/* ---- the name of the server ---- */

/* The host of "127.0.0.1:8484" or "[::1]" without its port. false: it is too long. */
static bool host_only(const char *host, char *out, size_t room)
{
    const char *end = *host == '[' ? strchr(host, ']') : strchr(host, ':');
    size_t length = !end ? strlen(host) : (size_t)(end - host) + (*host == '[');
    if (length >= room)
        return false;
    memcpy(out, host, length);
    out[length] = '\0';
    return true;
}

static bool is_this_machine(const char *host)
{
    struct in_addr four;
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, &four) == 1 && ntohl(four.s_addr) >> 24 == 127);
}

static bool is_ours(const struct dashboard_context *c, const char *host)
{
    char name[256], own[256];
    if (!*host || !host_only(host, name, sizeof name))
        return false;
    if (is_this_machine(name) ||
        (c->conf->cert && strncmp(c->listen, name, strlen(name)) == 0 &&
         c->listen[strlen(name)] == ':'))
        return true;
    const char *at = c->conf->url ? strstr(c->conf->url, "://") : NULL;
    return at && host_only(at + 3, own, sizeof own) && strcasecmp(own, name) == 0;
}

bool dashboard_guard_host(struct dashboard_request *r)
{
    if (is_ours(r->context, r->host))
        return true;
    dashboard_problem(&r->answer, 421, "http.host",
                      "ask by the address that dashboard.url of koppel.conf has, or by one of this "
                      "machine");
    return false;
}

/* ---- from where ---- */

static bool is_proxy(const struct conf_dashboard *conf, const char *address)
{
    for (int i = 0; i < conf->proxy_count; i++) {
        if (strcmp(conf->proxies[i], address) == 0)
            return true;
    }
    return false;
}

void dashboard_guard_address(struct dashboard_request *r)
{
    const struct conf_dashboard *conf = r->context->conf;
    unsigned char ignored[sizeof(struct in6_addr)];
    char list[512], *last = list;
    if (!is_proxy(conf, r->address) || strlen(r->forwarded) >= sizeof list)
        return;
    snprintf(list, sizeof list, "%s", r->forwarded);
    /* from the end: what stands in front was sent by whoever came to the first of them */
    while (last) {
        last = strrchr(list, ',');
        const char *one = last ? last + 1 : list;
        one += strspn(one, " ");
        if (inet_pton(AF_INET, one, ignored) != 1 && inet_pton(AF_INET6, one, ignored) != 1)
            return;
        snprintf(r->address, sizeof r->address, "%s", one);
        if (!is_proxy(conf, one))
            return;
        if (last)
            *last = '\0';
    }
}

/* ---- who ---- */

/* The value of our cookie; false: there is none of the right form, or two. */
static bool token_of(const char *cookies, char out[SESSIONS_TOKEN_BYTES])
{
    bool found = false;
    for (const char *at = cookies; at && *at;) {
        at += strspn(at, " ;");
        size_t length = strcspn(at, ";"), name = sizeof COOKIE "=" - 1;
        if (length >= name && strncmp(at, COOKIE "=", name) == 0) {
            if (found || length - name != SESSIONS_TOKEN_BYTES - 1)
                return false;
            memcpy(out, at + name, SESSIONS_TOKEN_BYTES - 1);
            out[SESSIONS_TOKEN_BYTES - 1] = '\0';
            found = true;
        }
        at += length;
    }
    return found;
}

/* A program's token. One that is wrong is no cookie either. */
static int program(struct dashboard_request *r, struct dashboard_guard_who *who)
{
    struct koppel_error err = {0};
    struct tokens_one one;
    bool found = false, bearer = strncasecmp(r->authorization, "Bearer ", 7) == 0;
    if (bearer &&
        tokens_find(r->context->engine->store, r->authorization + 7, &one, &found, &err) != 0) {
        dashboard_problem_error(&r->answer, &err);
        return -1;
    }
    if (!found) {
        dashboard_problem(&r->answer, 401, "token.wrong", "there is no such token");
        return -1;
    }
    who->known = who->token = true;
    who->user.role = (enum service_role)one.role;
    snprintf(who->user.name, sizeof who->user.name, "token:%s", one.name);
    return 0;
}

bool dashboard_guard_personal(const struct dashboard_guard_who *who)
{
    return who->user.role > SERVICE_VIEWER || who->user.personal;
}

const char *dashboard_guard_via(const struct dashboard_guard_who *who)
{
    return who->token ? "token" : "gui";
}

int dashboard_guard_who(struct dashboard_request *r, struct dashboard_guard_who *who)
{
    char token[SESSIONS_TOKEN_BYTES];
    struct koppel_error err = {0};
    struct store *s = r->context->engine->store;
    bool found = false;
    *who = (struct dashboard_guard_who){0};
    if (*r->authorization)
        return program(r, who);
    if (!token_of(r->cookie, token))
        return 0;
    int rc = sessions_find(s, token, &who->session, &found, &err);
    if (rc == 0 && found)
        rc = accounts_load(s, who->session.user, &who->user, &found, &err);
    who->known = rc == 0 && found;
    if (who->known)
        sessions_csrf(token, who->csrf);
    sodium_memzero(token, sizeof token);
    if (rc != 0)
        dashboard_problem_error(&r->answer, &err);
    return rc;
}

void dashboard_guard_done(struct dashboard_guard_who *who)
{
    accounts_done(&who->user);
    sodium_memzero(who, sizeof *who);
}

/* ---- whose page ---- */

static bool is_same_site(const struct dashboard_request *r)
{
    if (*r->fetch_site)
        return strcmp(r->fetch_site, "same-origin") == 0;
    const char *host = strstr(r->origin, "://");
    return host && strcasecmp(host + 3, r->host) == 0;
}

bool dashboard_guard_unsafe(struct dashboard_request *r, const struct dashboard_guard_who *who)
{
    if (!is_same_site(r)) {
        dashboard_problem(&r->answer, 403, "http.origin",
                          "what changes something is taken from this server's own pages only");
        return false;
    }
    if (!who->known || (strlen(r->csrf) == strlen(who->csrf) &&
                        sodium_memcmp(r->csrf, who->csrf, strlen(who->csrf)) == 0))
        return true;
    dashboard_problem(&r->answer, 403, "session.csrf",
                      "the page is of another session; load it again");
    return false;
}

char *dashboard_guard_cookie(const char *token, bool remembered)
{
    char *out = NULL, age[40] = "";
    if (remembered || !token)
        snprintf(age, sizeof age, "; Max-Age=%d", token ? REMEMBERED_S : 0);
    int n = asprintf(&out, COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict%s",
                     token ? token : "", age);
    return n < 0 ? NULL : out;
}
