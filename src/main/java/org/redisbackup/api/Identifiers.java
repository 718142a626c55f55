package org.redisbackup.api;

import java.util.regex.Pattern;

/** The forms of ids in requests. */
final class Identifiers {
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** Ids that this service issues have 32 digits; others get as far as being unknown. */
    private static final Pattern TASK = Pattern.compile("[0-9a-fA-F-]{1,64}");

    private Identifiers() {}

    static boolean isTask(String id) {
        return TASK.matcher(id).matches();
    }

    /** @throws ApiException when it has characters that no task id has */
    static String task(String id) {
        return checked(TASK, id, ErrorCode.INVALID_TASK_ID);
    }

    /**
     * Of an instance or a backup.
     *
     * @throws ApiException when it is no UUID
     */
    static String uuid(String id) {
        return checked(UUID, id, ErrorCode.INVALID_INSTANCE_ID);
    }

    private static String checked(Pattern form, String id, ErrorCode otherwise) {
        if (!form.matcher(id).matches()) {
            throw new ApiException(otherwise);
        }
        return id;
    }
}
