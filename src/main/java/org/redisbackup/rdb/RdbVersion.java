package org.redisbackup.rdb;

/**
 * What the nine bytes at the start of a file say about it.
 *
 * @param dialect whose numbers its bytes mean
 * @param number version of the format, 1 and up
 */
record RdbVersion(Dialect dialect, int number) {
    private static final int NEWEST_REDIS = 15;
    private static final int OLDEST_VALKEY = 80;
    private static final int NEWEST_VALKEY = 81;
    private static final String KNOWN = "REDIS0001 to REDIS0015, VALKEY080 and VALKEY081";
    private static final int FIRST_WITH_CHECKSUM = 5;
    /** Servers that write lower versions give the type ids from here on another meaning. */
    private static final int TEMPLATE_TYPES = 30;

    /**
     * @param magic nine characters
     * @throws RdbFormatException when it is none of an RDB file, or of a version that is not to be read
     */
    static RdbVersion of(String magic, UnknownVersion unknownVersion) throws RdbFormatException {
        RdbVersion version = parse(magic);
        boolean exists =
                switch (version.dialect) {
                    case REDIS -> version.number >= 1;
                    case VALKEY -> version.number >= OLDEST_VALKEY;
                };
        if (!exists) {
            throw new RdbFormatException(0, "there is no RDB version " + magic + ": " + KNOWN + " are known");
        }
        boolean known =
                switch (version.dialect) {
                    case REDIS -> version.number <= NEWEST_REDIS;
                    case VALKEY -> version.number <= NEWEST_VALKEY;
                };
        if (!known && unknownVersion == UnknownVersion.FAIL) {
            throw new RdbFormatException(0, "RDB version " + magic + " is newer than those that can be read, " + KNOWN);
        }
        return version;
    }

    private static RdbVersion parse(String magic) throws RdbFormatException {
        if (magic.matches("REDIS\\d{4}")) {
            return new RdbVersion(Dialect.REDIS, Integer.parseInt(magic.substring(5)));
        } else if (magic.matches("VALKEY\\d{3}")) {
            return new RdbVersion(Dialect.VALKEY, Integer.parseInt(magic.substring(6)));
        }
        throw new RdbFormatException(
                0, "this is not an RDB file: it does not start with REDIS or VALKEY and a version");
    }

    boolean hasChecksum() {
        return number >= FIRST_WITH_CHECKSUM;
    }

    /**
     * The type that a file of this version means by a byte; older types may stand in newer files, and a few newer ones in
     * older files.
     *
     * @param id 0-255
     * @return null when it is no value type
     */
    ValueType valueType(int id) {
        ValueType type = ValueType.of(dialect, id);
        return id >= TEMPLATE_TYPES && type != null && type.stampVersion() > number ? null : type;
    }
}
