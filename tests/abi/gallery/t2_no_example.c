/* SPDX-License-Identifier: MIT
 * It has no example that succeeds. */
#define SHOUT_EXAMPLE "{\"in\":\"hi\",\"args\":[\"too long a word\"],\"error\":\"marks\"}"
#include "gallery_transform.h"

SHOUT(shout);
