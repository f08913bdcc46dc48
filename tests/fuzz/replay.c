/* SPDX-License-Identifier: MIT
 * Replays every file of the named folders, for builds without a fuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* -1: cannot be read. */
static int replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = NULL;
    long bytes = -1;
    if (f && fseek(f, 0, SEEK_END) == 0 && (bytes = ftell(f)) >= 0 && fseek(f, 0, SEEK_SET) == 0
        && (data = malloc((size_t)bytes ? (size_t)bytes : 1)) != NULL
        && fread(data, 1, (size_t)bytes, f) == (size_t)bytes)
        LLVMFuzzerTestOneInput(data, (size_t)bytes);
    else
        bytes = -1;
    free(data);
    if (f)
        fclose(f);
    if (bytes < 0)
        fprintf(stderr, "%s: cannot be read\n", path);
    return bytes < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
    int count = 0, bad = 0;
    for (int i = 1; i < argc; i++) {
        struct dirent *entry;
        DIR *d = opendir(argv[i]);
        if (!d) {
            perror(argv[i]);
            return 2;
        }
        while ((entry = readdir(d)) != NULL) {
            char path[4096];
            int n = snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            if (entry->d_name[0] == '.' || n < 0 || (size_t)n >= sizeof path)
                continue;
            bad |= replay(path) < 0;
            count++;
        }
        closedir(d);
    }
    printf("%d inputs\n", count);
    return bad || count == 0;
}
