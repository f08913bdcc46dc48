/* SPDX-License-Identifier: MIT
 * One mail by SMTP. */
#include "http/mail.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cut.h"
#include "base/mask.h"
#include "http/http_host.h"
#include "http/http_request.h"
#include "http/http_tls.h"

#define HEADER_BYTES (16 * 1024)
#define WORD_BYTES 42       /* of text in one encoded word, which has 75 at most */
#define DIALOGUE_LINES 400
#define DIALOGUE_BYTES 400  /* of one line */
#define REFUSED_FIRST 500   /* answers from here on are for good */

/* ---- the dialogue ---- */

struct talk {
    json_t *lines;
    bool secret; /* what we say next is a log-in */
};

static void add_line(struct talk *t, char way, const char *text, size_t bytes)
{
    char line[DIALOGUE_BYTES + 8] = {way, ' '};
    if (json_array_size(t->lines) >= DIALOGUE_LINES)
        return;
    char *sound = cut_valid(text, bytes < DIALOGUE_BYTES ? bytes : DIALOGUE_BYTES);
    if (!sound)
        return;
    (void)cut_copy(line + 2, sizeof line - 2, sound);
    free(sound);
    mask_text(line);
    (void)json_array_append_new(t->lines, json_string_nocheck(line));
}

/* A log-in is whatever we say behind AUTH, until the server has answered for good. */
static void add_said(struct talk *t, const char *text, size_t bytes)
{
    static const char auth[] = "AUTH ";
    if (bytes > sizeof auth && strncasecmp(text, auth, sizeof auth - 1) == 0) {
        const char *blank = memchr(text + sizeof auth - 1, ' ', bytes - (sizeof auth - 1));
        char line[64];
        size_t n = blank ? (size_t)(blank - text) : bytes;
        snprintf(line, sizeof line, "%.*s%s", (int)(n < 40 ? n : 40), text, blank ? " ****" : "");
        add_line(t, '>', line, strlen(line));
        t->secret = true;
    } else {
        add_line(t, '>', t->secret ? "****" : text, t->secret ? 4 : bytes);
    }
}

static int on_words(CURL *easy, curl_infotype kind, char *text, size_t bytes, void *arg)
{
    struct talk *t = arg;
    (void)easy;
    while (bytes > 0) {
        const char *end = memchr(text, '\n', bytes);
        size_t n = end ? (size_t)(end - text) : bytes, shown = n;
        if (shown > 0 && text[shown - 1] == '\r')
            shown--;
        if (kind == CURLINFO_HEADER_OUT)
            add_said(t, text, shown);
        else if (kind == CURLINFO_DATA_OUT)
            add_line(t, '>', text, shown);
        else if (kind == CURLINFO_TEXT)
            add_line(t, '*', text, shown);
        else if (kind == CURLINFO_HEADER_IN)
            add_line(t, '<', text, shown);
        if (kind == CURLINFO_HEADER_IN && t->secret && shown > 0 && *text != '3')
            t->secret = false;
        n += end ? 1 : 0;
        text += n;
        bytes -= n;
    }
    return 0;
}

/* ---- headers ---- */

/* "Subject: =?UTF-8?B?...?=", folded; plain where it is plain. */
static void add_subject(struct buf *out, const char *text)
{
    bool plain = strlen(text) <= 60;
    for (const char *at = text; *at; at++)
        plain = plain && *at >= ' ' && *at <= '~';
    buf_add_text(out, "Subject:");
    if (plain) {
        buf_printf(out, " %s", text);
        return;
    }
    for (bool first = true; *text; first = false) {
        size_t n = cut_bytes(text, WORD_BYTES);
        char word[sodium_base64_ENCODED_LEN(WORD_BYTES * 4, sodium_base64_VARIANT_ORIGINAL)];
        n = n == 0 || n > WORD_BYTES * 2 ? strlen(text) < WORD_BYTES ? strlen(text) : WORD_BYTES
                                         : n;
        sodium_bin2base64(word, sizeof word, (const unsigned char *)text, n,
                          sodium_base64_VARIANT_ORIGINAL);
        buf_printf(out, "%s =?UTF-8?B?%s?=", first ? "" : "\r\n", word);
        text += n;
    }
}

/* As RFC 5322 writes a date, whatever the locale is. */
static void add_date(struct buf *out, int64_t ms)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t at = (time_t)(ms / 1000);
    struct tm t;
    gmtime_r(&at, &t);
    buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000", days[t.tm_wday], t.tm_mday,
               months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

static int add_header(struct curl_slist **list, struct buf *line)
{
    struct curl_slist *grown = buf_ok(line) ? curl_slist_append(*list, buf_text(line)) : NULL;
    buf_clear(line);
    if (!grown)
        return -1;
    *list = grown;
    return 0;
}

static int add_headers(struct curl_slist **list, const struct mail *m)
{
    struct buf line;
    const char *host = strchr(m->from, '@');
    int rc = 0;
    buf_init(&line, HEADER_BYTES);
    add_subject(&line, m->subject);
    rc |= add_header(list, &line);
    buf_printf(&line, "From: Koppel <%s>", m->from);
    rc |= add_header(list, &line);
    for (int i = 0; i < m->to_count; i++)
        buf_printf(&line, "%s<%s>", i == 0 ? "To: " : ",\r\n ", m->to[i]);
    rc |= add_header(list, &line);
    add_date(&line, m->at_ms);
    rc |= add_header(list, &line);
    buf_printf(&line, "Message-ID: <%s%s>", m->id, host ? host : "@localhost");
    rc |= add_header(list, &line);
    buf_add_text(&line, "Auto-Submitted: auto-generated");
    rc |= add_header(list, &line);
    if (m->urgent) {
        buf_add_text(&line, "Importance: high");
        rc |= add_header(list, &line);
    }
    buf_done(&line);
    return rc;
}

static int add_recipients(struct curl_slist **list, const struct mail *m)
{
    for (int i = 0; i < m->to_count; i++) {
        struct curl_slist *grown = curl_slist_append(*list, m->to[i]);
        if (!grown)
            return -1;
        *list = grown;
    }
    return 0;
}

/* ---- sending ---- */

struct parts {
    struct curl_slist *headers, *to;
    curl_mime *mime;
};

/* A text as mail has it: a line ends with both, or it would be one byte of a line. */
static char *with_line_ends(const char *text)
{
    size_t n = strlen(text) * 2 + 1, at = 0;
    char *out = malloc(n);
    for (; out && *text; text++) {
        if (*text == '\n')
            out[at++] = '\r';
        out[at++] = *text;
    }
    if (out)
        out[at] = '\0';
    return out;
}

static int set_text(curl_mimepart *part, const char *body)
{
    char *text = with_line_ends(body);
    bool good = text && curl_mime_data(part, text, CURL_ZERO_TERMINATED) == CURLE_OK &&
                curl_mime_type(part, "text/plain; charset=utf-8") == CURLE_OK &&
                curl_mime_encoder(part, "quoted-printable") == CURLE_OK;
    free(text);
    return good ? 0 : -1;
}

static int set_up(struct http_slot *s, const struct mail *m, struct parts *p, struct talk *t)
{
    const char *host = strstr(m->url, "://");
    bool plain = host && strncmp(m->url, "smtp:", 5) == 0 && http_host_is_loopback(host + 3);
    int bad = 0;
    p->mime = curl_mime_init(s->easy);
    curl_mimepart *text = p->mime ? curl_mime_addpart(p->mime) : NULL;
    if (!text || add_headers(&p->headers, m) != 0 || add_recipients(&p->to, m) != 0 ||
        set_text(text, m->body) != 0)
        return -1;
#define SET(option, value) (bad |= curl_easy_setopt(s->easy, option, value) != CURLE_OK)
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_URL, m->url);
    SET(CURLOPT_USE_SSL, (long)(plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (plain)
        SET(CURLOPT_PROXY, "");
    SET(CURLOPT_MAIL_FROM, m->from);
    SET(CURLOPT_MAIL_RCPT, p->to);
    SET(CURLOPT_HTTPHEADER, p->headers);
    SET(CURLOPT_MIMEPOST, p->mime);
    if (m->user) {
        SET(CURLOPT_USERNAME, m->user);
        SET(CURLOPT_PASSWORD, secret_text(m->password));
    }
    if (t->lines) {
        SET(CURLOPT_VERBOSE, 1L);
        SET(CURLOPT_DEBUGFUNCTION, on_words);
        SET(CURLOPT_DEBUGDATA, t);
    }
#undef SET
    return bad ? -1 : 0;
}

static int failed(struct http *h, struct http_slot *s, const struct mail *m, CURLcode code,
                  struct koppel_error *err)
{
    char origin[256];
    long answer = 0;
    const char *problem = s->problem[0] ? s->problem : curl_easy_strerror(code);
    http_request_origin(m->url, origin, sizeof origin);
    if (http_tls_failed(h, s, code, origin, curl_easy_strerror(code), err))
        return -1;
    curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &answer);
    if (code == CURLE_USE_SSL_FAILED)
        return err_set(err, KOPPEL_E_CONFIG, "%s: %s takes no STARTTLS, and without TLS nothing is "
                       "sent; use smtps:// or another server", h->name, origin);
    if (code == CURLE_LOGIN_DENIED)
        return err_set(err, KOPPEL_E_AUTH, "%s: %s refuses the log-in (%ld)", h->name, origin,
                       answer);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return err_set(err, KOPPEL_E_RETRY, "%s: no answer of %s came in time", h->name, origin);
    if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT)
        return err_set(err, KOPPEL_E_RETRY, "%s: cannot connect to %s: %s", h->name, origin,
                       problem);
    if (answer >= REFUSED_FIRST)
        return err_set(err, KOPPEL_E_REJECTED, "%s: %s refuses the mail (%ld)", h->name, origin,
                       answer);
    return err_set(err, KOPPEL_E_RETRY, "%s: %s did not take the mail (%ld): %s", h->name, origin,
                   answer, curl_easy_strerror(code));
}

int mail_send(struct http *h, const struct mail *m, json_t *dialogue, struct koppel_error *err)
{
    struct http_slot s = {0};
    struct parts p = {0};
    struct talk t = {.lines = dialogue};
    CURLcode code = CURLE_OK;
    int rc = 0;
    if (http_slot_init(h, &s) != 0)
        return err_set(err, KOPPEL_E_RETRY, "%s: out of memory", h->name);
    if (set_up(&s, m, &p, &t) != 0)
        rc = err_set(err, KOPPEL_E_RETRY, "%s: the mail could not be set up", h->name);
    else if (http_slot_run(h, &s, &code) != 0)
        rc = http_slot_cancelled(h, err);
    else if (code != CURLE_OK)
        rc = failed(h, &s, m, code, err);
    http_slot_done(&s);
    curl_mime_free(p.mime);
    curl_slist_free_all(p.headers);
    curl_slist_free_all(p.to);
    return rc;
}
