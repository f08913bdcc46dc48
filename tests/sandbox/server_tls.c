// SPDX-License-Identifier: MIT
// Lets the openssl program make a certificate, so that clients can be tested against TLS
// without anything prepared.
#include "server_tls.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool run(char *const *args)
{
    posix_spawn_file_actions_t quiet;
    pid_t pid;
    int status = -1;

    if (posix_spawn_file_actions_init(&quiet) != 0)
        return false;
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    int rc = posix_spawnp(&pid, args[0], &quiet, NULL, args, environ);
    posix_spawn_file_actions_destroy(&quiet);
    return rc == 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

bool tls_make(struct tls_files *t)
{
    const char *where = getenv("TMPDIR");
    char openssl[] = "openssl", req[] = "req", x509[] = "-x509", newkey[] = "-newkey",
         ec[] = "ec", option[] = "-pkeyopt", curve[] = "ec_paramgen_curve:prime256v1",
         plain[] = "-nodes", days[] = "-days", two[] = "2", subject[] = "-subj",
         name[] = "/CN=koppel-sandbox", more[] = "-addext",
         names[] = "subjectAltName=IP:127.0.0.1,DNS:localhost", keyout[] = "-keyout",
         out[] = "-out";

    *t = (struct tls_files){0};
    if (snprintf(t->folder, sizeof t->folder, "%s/koppel-sandbox-XXXXXX",
                 where && *where ? where : "/tmp") >= (int)sizeof t->folder ||
        !mkdtemp(t->folder)) {
        fprintf(stderr, "koppel-sandbox: cannot make a folder for a certificate\n");
        *t->folder = '\0';
        return false;
    }
    snprintf(t->cert, sizeof t->cert, "%s/cert.pem", t->folder);
    snprintf(t->key, sizeof t->key, "%s/key.pem", t->folder);
    char *args[] = {openssl, req,     x509, newkey, ec,    option, curve, plain,  days, two,
                    subject, name,    more, names,  keyout, t->key, out,   t->cert, NULL};
    if (run(args))
        return true;
    fprintf(stderr, "koppel-sandbox: the openssl program made no certificate\n");
    tls_remove(t);
    return false;
}

void tls_remove(const struct tls_files *t)
{
    if (!*t->folder)
        return;
    unlink(t->cert);
    unlink(t->key);
    rmdir(t->folder);
}
