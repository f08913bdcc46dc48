/* SPDX-License-Identifier: MIT
 * The least that one POST in and one POST out can cost with the libraries that Koppel uses: what
 * comes in by libmicrohttpd goes out by libcurl as it is, and the answer after it.
 *
 *   passthrough TARGET-URL        prints "port N", and serves until it is ended */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *target;
static _Thread_local CURL *sender;
static struct curl_slist *headers;

struct body {
    char *data;
    size_t bytes;
};

static size_t ignore(char *data, size_t size, size_t count, void *user)
{
    (void)data;
    (void)user;
    return size * count;
}

static long send_on(const struct body *b)
{
    long status = 0;
    if (!sender) {
        sender = curl_easy_init();
        curl_easy_setopt(sender, CURLOPT_URL, target);
        curl_easy_setopt(sender, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(sender, CURLOPT_WRITEFUNCTION, ignore);
        curl_easy_setopt(sender, CURLOPT_NOSIGNAL, 1L);
    }
    curl_easy_setopt(sender, CURLOPT_POSTFIELDS, b->data);
    curl_easy_setopt(sender, CURLOPT_POSTFIELDSIZE, (long)b->bytes);
    if (curl_easy_perform(sender) != CURLE_OK)
        return 502;
    curl_easy_getinfo(sender, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static enum MHD_Result handle(void *user, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *bytes, void **state)
{
    struct body *b = *state;
    (void)user;
    (void)url;
    (void)method;
    (void)version;
    if (!b) {
        *state = calloc(1, sizeof *b);
        return *state ? MHD_YES : MHD_NO;
    }
    if (*bytes > 0) {
        char *grown = realloc(b->data, b->bytes + *bytes);
        if (!grown)
            return MHD_NO;
        memcpy(grown + b->bytes, data, *bytes);
        b->data = grown;
        b->bytes += *bytes;
        *bytes = 0;
        return MHD_YES;
    }
    static char answer[] = "{}";
    struct MHD_Response *r = MHD_create_response_from_buffer(2, answer, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result rc = MHD_queue_response(c, (unsigned)send_on(b), r);
    MHD_destroy_response(r);
    return rc;
}

static void done(void *user, struct MHD_Connection *c, void **state,
                 enum MHD_RequestTerminationCode why)
{
    struct body *b = *state;
    (void)user;
    (void)c;
    (void)why;
    if (b)
        free(b->data);
    free(b);
    *state = NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (argc != 2)
        return 64;
    target = argv[1];
    curl_global_init(CURL_GLOBAL_ALL);
    headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, handle,
        NULL,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&a, MHD_OPTION_NOTIFY_COMPLETED, done, NULL,
        MHD_OPTION_END);
    if (!d)
        return 1;
    printf("port %u\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    for (;;)
        pause();
}
