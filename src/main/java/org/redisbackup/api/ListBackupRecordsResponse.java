package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Answer of ListBackupRecords.
 *
 * @param total of all backups that match, not only of this page
 */
record ListBackupRecordsResponse(
        @JsonProperty("total_num") int total, @JsonProperty("backup_record_response") List<BackupRecordView> records) {}
