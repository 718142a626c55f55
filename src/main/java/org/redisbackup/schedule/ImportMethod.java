package org.redisbackup.schedule;

import java.util.Locale;

/** What becomes of a file that was imported into the target before, in the same version. */
enum ImportMethod {
    /** It is imported again. */
    FULL_AMOUNT_MIGRATION,
    /** It is left out. */
    INCREMENTAL_MIGRATION;

    /** As tasks and requests name it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
