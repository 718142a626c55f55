package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.dcs.v2.DcsClient;
import com.huaweicloud.sdk.dcs.v2.model.BackupFilesBody;
import com.huaweicloud.sdk.dcs.v2.model.BackupRecordResponse;
import com.huaweicloud.sdk.dcs.v2.model.BatchRestartOnlineMigrationTasksBody;
import com.huaweicloud.sdk.dcs.v2.model.BatchRestartOnlineMigrationTasksRequest;
import com.huaweicloud.sdk.dcs.v2.model.BatchStopMigrationTasksBody;
import com.huaweicloud.sdk.dcs.v2.model.BatchStopMigrationTasksRequest;
import com.huaweicloud.sdk.dcs.v2.model.BatchStopMigrationTasksResponse;
import com.huaweicloud.sdk.dcs.v2.model.CreateMigrationTaskBody;
import com.huaweicloud.sdk.dcs.v2.model.CreateMigrationTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.CreateMigrationTaskResponse;
import com.huaweicloud.sdk.dcs.v2.model.DeleteBackupFileRequest;
import com.huaweicloud.sdk.dcs.v2.model.DeleteMigrateTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.DeleteMigrationTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.DownloadBackupFilesReq;
import com.huaweicloud.sdk.dcs.v2.model.Files;
import com.huaweicloud.sdk.dcs.v2.model.InstanceListInfo;
import com.huaweicloud.sdk.dcs.v2.model.LinksItem;
import com.huaweicloud.sdk.dcs.v2.model.ListBackupFileLinksRequest;
import com.huaweicloud.sdk.dcs.v2.model.ListBackupFileLinksResponse;
import com.huaweicloud.sdk.dcs.v2.model.ListBackupRecordsRequest;
import com.huaweicloud.sdk.dcs.v2.model.ListBackupRecordsResponse;
import com.huaweicloud.sdk.dcs.v2.model.ListInstancesRequest;
import com.huaweicloud.sdk.dcs.v2.model.ListMigrationTaskLogsRequest;
import com.huaweicloud.sdk.dcs.v2.model.ListMigrationTaskLogsResponse;
import com.huaweicloud.sdk.dcs.v2.model.ListMigrationTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.ListMigrationTaskResponse;
import com.huaweicloud.sdk.dcs.v2.model.MigrationTaskList;
import com.huaweicloud.sdk.dcs.v2.model.MigrationUpdateRequestEntity;
import com.huaweicloud.sdk.dcs.v2.model.ShowInstanceRequest;
import com.huaweicloud.sdk.dcs.v2.model.ShowInstanceResponse;
import com.huaweicloud.sdk.dcs.v2.model.ShowMigrationTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.ShowMigrationTaskResponse;
import com.huaweicloud.sdk.dcs.v2.model.ShowMigrationTaskStatsRequest;
import com.huaweicloud.sdk.dcs.v2.model.ShowMigrationTaskStatsResponse;
import com.huaweicloud.sdk.dcs.v2.model.StopMigrationTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.StopMigrationTaskResult;
import com.huaweicloud.sdk.dcs.v2.model.StopMigrationTaskSyncRequest;
import com.huaweicloud.sdk.dcs.v2.model.TargetInstanceBody;
import com.huaweicloud.sdk.dcs.v2.model.UpdateMigrationTaskRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;

/** The official Java SDK, as it is, against the service: every operation that imports need. */
class SdkContractTest {
    private static final String ACCESS_KEY = "AKTESTAKTESTAKTEST01";
    private static final String SECRET_KEY = "SKTESTSKTESTSKTESTSKTESTSKTESTSKTESTSKTE";
    private static final String UNKNOWN = "0123456789abcdef0123456789abcdef";

    private static byte[] types;
    private static RunningService service;
    private static DcsClient sdk;

    @BeforeAll
    static void start() throws Exception {
        types = Corpus.bytes("types-redis-7.0.15.rdb");
        String instances = "redisbackup.instances.";
        service = RunningService.start(Map.of(
                "redisbackup.auth",
                "token,signature",
                "redisbackup.auth.keys.sdk.access",
                ACCESS_KEY,
                "redisbackup.auth.keys.sdk.secret",
                SECRET_KEY,
                "redisbackup.auth.keys.sdk.projects",
                RunningService.PROJECT,
                instances + RunningService.INSTANCE + ".backups",
                "s3://${bucket}/nightly/",
                instances + RunningService.PROTECTED_INSTANCE + ".backups",
                "s3://${bucket}/cluster/{name}/*.rdb",
                instances + RunningService.PROTECTED_INSTANCE + ".name",
                "sharded"));
        sdk = DcsClient.newBuilder()
                .withCredential(new BasicCredentials()
                        .withAk(ACCESS_KEY)
                        .withSk(SECRET_KEY)
                        .withProjectId(RunningService.PROJECT))
                .withEndpoints(List.of(service.uri("").toString()))
                .build();
        service.put("types.rdb", types);
    }

    @AfterAll
    static void end() {
        service.close();
    }

    @Test
    void aTaskIsCreatedListedShownAndDeleted() throws Exception {
        String id = create(
                "sdk-life",
                List.of(new Files()
                        .withFileName("types.rdb")
                        .withSize("754.0MB")
                        .withUpdateAt("2021-06-16 06:12:55")));
        ShowMigrationTaskResponse task = finished(id);
        assertThat(task.getHttpStatusCode()).isEqualTo(200);
        assertThat(task.getStatus()).isEqualTo(ShowMigrationTaskResponse.StatusEnum.SUCCESS);
        assertThat(task.getTaskName()).isEqualTo("sdk-life");
        assertThat(task.getDescription()).isEqualTo("Tést 中");
        assertThat(task.getMigrationType().getValue()).isEqualTo("backupfile_import");
        assertThat(task.getMigrationMethod().getValue()).isEqualTo("full_amount_migration");
        assertThat(task.getTargetInstance().getName()).isEqualTo("test-target");
        assertThat(task.getTargetInstance().getAddrs()).isEqualTo(service.targetAddress());
        assertThat(task.getTargetInstance().getPassword()).isNull();
        assertThat(task.getBackupFiles().getFiles())
                .containsExactly(new Files()
                        .withFileName("types.rdb")
                        .withSize("754.0MB")
                        .withUpdateAt("2021-06-16 06:12:55"));
        assertThat(List.of(task.getCreatedAt(), task.getUpdatedAt(), task.getReleasedAt()))
                .allMatch(time -> time.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
        assertThat(task.getSupportedFeatures()).isEmpty();

        MigrationTaskList listed = tasks("SDK-lif", 0, 10).getMigrationTasks().get(0);
        assertThat(listed.getTaskId()).isEqualTo(id);
        assertThat(listed.getStatus()).isEqualTo(MigrationTaskList.StatusEnum.SUCCESS);
        assertThat(listed.getDataSource()).isEqualTo(service.bucket());
        assertThat(listed.getTargetInstanceId()).isEqualTo(RunningService.INSTANCE);
        assertThat(listed.getTargetInstanceAddrs()).isEqualTo(service.targetAddress());
        assertThat(listed.getVersion()).isEqualTo("7.0.15");
        assertThat(listed.getErrorMessage()).isNull();

        assertThat(delete(id, UNKNOWN)).containsExactly(id, UNKNOWN);
        assertThat(tasks("sdk-life", 0, 10).getCount()).isZero();
        assertError(400, "DCS.4133", () -> show(id));
    }

    @Test
    void tasksAreListedPageByPage() throws Exception {
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            newestFirst.add(0, create("paged-" + i, List.of(new Files().withFileName("nothing.rdb"))));
        }
        for (String id : newestFirst) {
            finished(id);
        }
        List<String> read = new ArrayList<>();
        for (int offset = 0; ; ) { // as both pagers of Terraform do
            ListMigrationTaskResponse page = tasks("paged-", offset, 2);
            assertThat(page.getCount()).isEqualTo(5);
            if (page.getMigrationTasks().isEmpty()) {
                break;
            }
            page.getMigrationTasks().forEach(task -> read.add(task.getTaskId()));
            offset += page.getMigrationTasks().size();
        }
        assertThat(read).isEqualTo(newestFirst);
        assertThat(sdk.listMigrationTask(new ListMigrationTaskRequest()).getMigrationTasks())
                .hasSizeBetween(5, 10)
                .allMatch(task -> task.getSupportedFeatures().isEmpty());
        assertThat(tasks("a b+c/d&e~*é", 0, 10).getCount()).isZero();
        assertError(400, "DCS.4800", () -> tasks(null, -1, 10));
        assertError(400, "DCS.4800", () -> tasks(null, 0, 1001));
    }

    @Test
    void tasksThatRunAreStoppedButNotDeleted() throws Exception {
        try (RunningService.Paused paused = service.pauseTarget()) {
            String id = create("stopped-one", List.of(new Files().withFileName("types.rdb")));
            assertThat(show(id).getStatus().getValue()).isEqualTo("MIGRATING");
            assertError(400, "DCS.4957", () -> delete(UNKNOWN, id));
            for (int i = 0; i < 2; i++) { // once more changes nothing
                assertThat(sdk.stopMigrationTask(new StopMigrationTaskRequest().withTaskId(id))
                                .getStatus()
                                .getValue())
                        .isIn("TERMINATING", "TERMINATED");
            }
            CompletableFuture<Integer> answered = CompletableFuture.supplyAsync(
                    () -> sdk.stopMigrationTaskSync(new StopMigrationTaskSyncRequest().withTaskId(id))
                            .getHttpStatusCode());
            paused.end();
            assertThat(answered.get()).isEqualTo(204);
            assertThat(show(id).getStatus()).isEqualTo(ShowMigrationTaskResponse.StatusEnum.TERMINATED);
            assertThat(delete(id)).containsExactly(id);
        }
        assertError(400, "DCS.4133", () -> sdk.stopMigrationTask(new StopMigrationTaskRequest().withTaskId(UNKNOWN)));
        assertError(
                400,
                "DCS.4133",
                () -> sdk.stopMigrationTaskSync(new StopMigrationTaskSyncRequest().withTaskId(UNKNOWN)));
    }

    @Test
    void aTaskThatEndedByItselfIsNotStopped() throws Exception {
        String id = create("ended-itself", List.of(new Files().withFileName("types.rdb")));
        finished(id);
        assertError(400, "DCS.4957", () -> sdk.stopMigrationTask(new StopMigrationTaskRequest().withTaskId(id)));
        assertError(
                400, "DCS.4957", () -> sdk.stopMigrationTaskSync(new StopMigrationTaskSyncRequest().withTaskId(id)));
        assertThat(show(id).getStatus()).isEqualTo(ShowMigrationTaskResponse.StatusEnum.SUCCESS);
    }

    @Test
    void severalTasksAreStoppedAtOnce() throws Exception {
        String ended = create("batch-ended", List.of(new Files().withFileName("types.rdb")));
        finished(ended);
        try (RunningService.Paused paused = service.pauseTarget()) {
            String one = create("batch-one", List.of(new Files().withFileName("types.rdb")));
            String two = create("batch-two", List.of(new Files().withFileName("types.rdb")));
            List<String> ids = List.of(one, ended, "no task", two, UNKNOWN);
            List<StopMigrationTaskResult> results = batchStop(ids).getMigrationTasks();
            assertThat(results)
                    .extracting(result -> result.getTaskId() + " " + result.getResult() + " " + result.getErrorCode())
                    .containsExactly(
                            one + " success null",
                            ended + " failed DCS.4957",
                            "no task failed DCS.4133",
                            two + " success null",
                            UNKNOWN + " failed DCS.4133");
            paused.end();
            for (String id : List.of(one, two)) {
                assertThat(finished(id).getStatus()).isEqualTo(ShowMigrationTaskResponse.StatusEnum.TERMINATED);
            }
        }
        assertError(400, "DCS.4855", () -> batchStop(List.of(UNKNOWN, "no task")));
        assertError(400, "DCS.4855", () -> batchStop(List.of()));
        assertError(
                400,
                "DCS.4100",
                () -> batchStop(Stream.generate(() -> ended).limit(51).toList()));
    }

    @Test
    void logsAreReadPageByPageAndByLevel() throws Exception {
        String id = create("with-a-log", List.of(new Files().withFileName("missing.rdb")));
        finished(id);
        ListMigrationTaskLogsResponse all = logs(id, null, 0, 1000);
        assertThat(all.getLogNum()).isEqualTo(all.getMigrationLogs().size()).isGreaterThan(2);
        assertThat(all.getMigrationLogs())
                .allMatch(line -> line.getLogCode().matches("IMPORT\\.\\d{4}") && line.getKeyword() != null);
        ListMigrationTaskLogsResponse second = logs(id, null, 1, 1);
        assertThat(second.getLogNum()).isEqualTo(all.getLogNum());
        assertThat(second.getMigrationLogs())
                .containsExactly(all.getMigrationLogs().get(1));
        ListMigrationTaskLogsResponse errors = logs(id, "ERROR", 0, 10);
        assertThat(errors.getLogNum())
                .isEqualTo(errors.getMigrationLogs().size())
                .isBetween(1, all.getLogNum() - 1);
        assertThat(errors.getMigrationLogs())
                .allMatch(line -> line.getLogLevel().getValue().equals("ERROR"))
                .anyMatch(line -> line.getMessage().contains("missing.rdb"));
        assertThat(logs(id, "ERROR", 0, 1).getLogNum()).isEqualTo(errors.getLogNum());
        assertThat(logs(id, "DEBUG", 0, 10).getMigrationLogs()).isEmpty();
        assertThat(logs(id, null, 1_000_000, 10).getMigrationLogs()).isEmpty();
        assertError(400, "DCS.4800", () -> logs(id, "LOUD", 0, 10));
        assertError(400, "DCS.4133", () -> logs(UNKNOWN, null, 0, 10));
    }

    @Test
    void figuresAreStrings() throws Exception {
        String id = create("with-stats", List.of(new Files().withFileName("types.rdb")));
        finished(id);
        ShowMigrationTaskStatsResponse stats =
                sdk.showMigrationTaskStats(new ShowMigrationTaskStatsRequest().withTaskId(id));
        assertThat(stats.getFullMigrationProgress()).isEqualTo("100");
        assertThat(stats.getSourceDbsize()).isEqualTo("131");
        assertThat(stats.getTargetDbsize()).isEqualTo("131");
        assertThat(stats.getOffset()).isEqualTo("0");
        assertThat(stats.getIsMigrating()).isFalse();
    }

    @Test
    void whatOnlyOnlineMigrationHasIsRefused() throws Exception {
        String id = create("not-online", List.of(new Files().withFileName("types.rdb")));
        finished(id);
        UpdateMigrationTaskRequest update = new UpdateMigrationTaskRequest()
                .withTaskId(id)
                .withBody(new MigrationUpdateRequestEntity().withResumeMode("auto"));
        assertError(400, "DCS.4957", () -> sdk.updateMigrationTask(update));
        assertError(400, "DCS.4133", () -> sdk.updateMigrationTask(update.withTaskId(UNKNOWN)));
        BatchRestartOnlineMigrationTasksBody body =
                new BatchRestartOnlineMigrationTasksBody().withMigrationTasks(List.of(id, UNKNOWN));
        assertThat(sdk.batchRestartOnlineMigrationTasks(new BatchRestartOnlineMigrationTasksRequest().withBody(body))
                        .getMigrationTasks())
                .extracting(result -> result.getTaskId() + " " + result.getResult() + " " + result.getErrorCode())
                .containsExactly(id + " failed DCS.4957", UNKNOWN + " failed DCS.4957");
    }

    @Test
    void aBackupIsListedDownloadedImportedAndDeleted() throws Exception {
        service.put("nightly/2024/a.rdb", types);
        service.put("nightly/b.rdb", types);
        service.put("nightly/readme.txt", new byte[] {1});
        ListBackupRecordsResponse listed = backups(RunningService.INSTANCE, null, null, 10, 0);
        assertThat(listed.getTotalNum()).isEqualTo(2);
        assertThat(listed.getBackupRecordResponse())
                .extracting(BackupRecordResponse::getBackupName)
                .containsExactlyInAnyOrder("a.rdb", "b.rdb");
        BackupRecordResponse backup = backups(RunningService.INSTANCE, null, null, 1, 1)
                .getBackupRecordResponse()
                .get(0);
        assertThat(backup.getSize()).isEqualTo(types.length);
        assertThat(backup.getStatus().getValue()).isEqualTo("succeed");
        assertThat(backup.getBackupFormat().getValue()).isEqualTo("rdb");
        assertThat(backup.getIsSupportRestore()).isEqualTo("TRUE");

        ListBackupFileLinksResponse links = links(RunningService.INSTANCE, backup.getBackupId(), 300);
        assertThat(links.getBucketName()).isEqualTo(service.bucket());
        assertThat(links.getLinks()).hasSize(1);
        assertThat(download(links.getLinks().get(0))).isEqualTo(types);
        assertError(400, "DCS.4800", () -> links(RunningService.INSTANCE, backup.getBackupId(), 299));

        CreateMigrationTaskBody body = body("of-a-record")
                .withBackupFiles(new BackupFilesBody()
                        .withFileSource(BackupFilesBody.FileSourceEnum.BACKUP_RECORD)
                        .withBackupId(backup.getBackupId()));
        String id = create(body);
        ShowMigrationTaskResponse task = finished(id);
        assertThat(task.getStatus()).isEqualTo(ShowMigrationTaskResponse.StatusEnum.SUCCESS);
        assertThat(task.getBackupFiles().getBackupId()).isEqualTo(backup.getBackupId());
        assertThat(task.getSourceInstance().getId()).isEqualTo(RunningService.INSTANCE);
        assertThat(service.get("/migration-task/" + id)
                        .at("/backup_files/backup_record/backup_id")
                        .asText())
                .isEqualTo(backup.getBackupId());

        DeleteBackupFileRequest delete = new DeleteBackupFileRequest()
                .withInstanceId(RunningService.INSTANCE)
                .withBackupId(backup.getBackupId());
        assertThat(sdk.deleteBackupFile(delete).getHttpStatusCode()).isEqualTo(204);
        assertThat(backups(RunningService.INSTANCE, null, null, 10, 0).getTotalNum())
                .isEqualTo(1);
        assertError(400, "DCS.4800", () -> sdk.deleteBackupFile(delete));
        assertError(400, "DCS.4087", () -> create(body));
        assertThat(service.object(backup.getBackupName().startsWith("a") ? "nightly/2024/a.rdb" : "nightly/b.rdb"))
                .isEqualTo(types);
    }

    @Test
    void theFilesOfShardsAreOneBackup() throws Exception {
        String instance = RunningService.PROTECTED_INSTANCE;
        assertThat(backups(instance, null, null, 10, 0).getBackupRecordResponse())
                .isEmpty();
        for (String key :
                List.of("monday/1.rdb", "monday/2.rdb", "tuesday/${exchangeId}.rdb", "tuesday/1.txt", "stray.rdb")) {
            service.put("cluster/" + key, types);
        }
        ListBackupRecordsResponse listed = backups(instance, null, null, 10, 0);
        assertThat(listed.getBackupRecordResponse())
                .extracting(backup -> backup.getBackupName() + " " + backup.getSize())
                .containsExactlyInAnyOrder("monday " + 2 * types.length, "tuesday " + types.length);
        assertThat(backups(instance, "20200101000000", "20991231235959", 10, 0).getTotalNum())
                .isEqualTo(2);
        assertThat(backups(instance, "20991231235959", null, 10, 0).getTotalNum())
                .isZero();
        assertThat(backups(instance, null, "20200101000000", 10, 0).getTotalNum())
                .isZero();
        assertThat(backups(instance, null, null, 10, 5).getBackupRecordResponse())
                .isEmpty();
        assertError(400, "DCS.4800", () -> backups(instance, "20200230000000", null, 10, 0));
        assertError(400, "DCS.4800", () -> backups(instance, null, "2020", 10, 0));
        for (BackupRecordResponse backup : listed.getBackupRecordResponse()) {
            List<LinksItem> links =
                    links(instance, backup.getBackupId(), 86_400).getLinks();
            assertThat(links)
                    .extracting(LinksItem::getFileName)
                    .isEqualTo(
                            backup.getBackupName().equals("monday")
                                    ? List.of("1.rdb", "2.rdb")
                                    : List.of("${exchangeId}.rdb")); // not evaluated by anything
            assertThat(links).allSatisfy(link -> assertThat(download(link)).isEqualTo(types));
        }
    }

    @Test
    void instancesAreListedAndShown() {
        assertThat(names(new ListInstancesRequest())).containsExactly("sharded", "test-target");
        assertThat(names(new ListInstancesRequest().withName("TARG"))).containsExactly("test-target");
        assertThat(names(new ListInstancesRequest().withName("targ").withNameEqual("true")))
                .isEmpty();
        assertThat(names(new ListInstancesRequest().withName("sharded").withNameEqual("true")))
                .containsExactly("sharded");
        assertThat(names(new ListInstancesRequest().withInstanceId(RunningService.INSTANCE)))
                .containsExactly("test-target");
        assertThat(names(new ListInstancesRequest().withStatus("RUNNING"))).hasSize(2);
        assertThat(names(new ListInstancesRequest().withStatus("ERROR"))).isEmpty();
        assertThat(names(new ListInstancesRequest().withIp("127.0.0"))).hasSize(2);
        assertThat(names(new ListInstancesRequest().withOffset(1).withLimit(1))).containsExactly("test-target");
        assertThat(names(new ListInstancesRequest().withOffset(2))).isEmpty();
        assertThat(sdk.listInstances(new ListInstancesRequest().withLimit(1)).getInstanceNum())
                .isEqualTo(2);

        ShowInstanceResponse instance =
                sdk.showInstance(new ShowInstanceRequest().withInstanceId(RunningService.INSTANCE));
        assertThat(instance.getInstanceId()).isEqualTo(RunningService.INSTANCE);
        assertThat(instance.getStatus()).isEqualTo("RUNNING");
        assertThat(instance.getEngine()).isEqualTo("Redis");
        assertThat(instance.getEngineVersion()).isEqualTo("7.0.15");
        assertThat(instance.getIp() + ":" + instance.getPort()).isEqualTo(service.targetAddress());
        assertThat(instance.getCacheMode()).isEqualTo(ShowInstanceResponse.CacheModeEnum.SINGLE);
        assertError(
                404,
                "DCS.3022",
                () -> sdk.showInstance(
                        new ShowInstanceRequest().withInstanceId("00000000-0000-0000-0000-000000000000")));
        assertError(400, "DCS.4061", () -> sdk.showInstance(new ShowInstanceRequest().withInstanceId("i")));
    }

    private static List<String> names(ListInstancesRequest request) {
        return sdk.listInstances(request).getInstances().stream()
                .map(InstanceListInfo::getName)
                .toList();
    }

    private static CreateMigrationTaskBody body(String name) {
        return new CreateMigrationTaskBody()
                .withTaskName(name)
                .withDescription("Tést 中")
                .withMigrationType(CreateMigrationTaskBody.MigrationTypeEnum.BACKUPFILE_IMPORT)
                .withMigrationMethod(CreateMigrationTaskBody.MigrationMethodEnum.FULL_AMOUNT_MIGRATION)
                .withTargetInstance(new TargetInstanceBody().withId(RunningService.INSTANCE));
    }

    private static String create(String name, List<Files> files) {
        return create(body(name)
                .withBackupFiles(new BackupFilesBody()
                        .withFileSource(BackupFilesBody.FileSourceEnum.SELF_BUILD_OBS)
                        .withBucketName(service.bucket())
                        .withFiles(files)));
    }

    private static String create(CreateMigrationTaskBody body) {
        CreateMigrationTaskResponse created = sdk.createMigrationTask(new CreateMigrationTaskRequest().withBody(body));
        assertThat(created.getName()).isEqualTo(body.getTaskName());
        assertThat(created.getStatus()).isEqualTo(CreateMigrationTaskResponse.StatusEnum.MIGRATING);
        return created.getId();
    }

    private static ShowMigrationTaskResponse show(String id) {
        return sdk.showMigrationTask(new ShowMigrationTaskRequest().withTaskId(id));
    }

    private static ShowMigrationTaskResponse finished(String id) throws Exception {
        return Conditions.await(() -> show(id), task -> List.of("SUCCESS", "FAILED", "TERMINATED")
                .contains(task.getStatus().getValue()));
    }

    private static ListMigrationTaskResponse tasks(String name, int offset, int limit) {
        return sdk.listMigrationTask(
                new ListMigrationTaskRequest().withName(name).withOffset(offset).withLimit(limit));
    }

    private static List<String> delete(String... ids) {
        return sdk.deleteMigrationTask(new DeleteMigrationTaskRequest()
                        .withBody(new DeleteMigrateTaskRequest().withTaskIdList(List.of(ids))))
                .getTaskIdList();
    }

    private static BatchStopMigrationTasksResponse batchStop(List<String> ids) {
        return sdk.batchStopMigrationTasks(new BatchStopMigrationTasksRequest()
                .withBody(new BatchStopMigrationTasksBody().withMigrationTasks(ids)));
    }

    private static ListMigrationTaskLogsResponse logs(String id, String level, int offset, int limit) {
        return sdk.listMigrationTaskLogs(new ListMigrationTaskLogsRequest()
                .withTaskId(id)
                .withLogLevel(level)
                .withOffset(offset)
                .withLimit(limit));
    }

    private static ListBackupRecordsResponse backups(String instance, String begin, String end, int limit, int offset) {
        return sdk.listBackupRecords(new ListBackupRecordsRequest()
                .withInstanceId(instance)
                .withBeginTime(begin)
                .withEndTime(end)
                .withLimit(limit)
                .withOffset(offset));
    }

    private static ListBackupFileLinksResponse links(String instance, String backup, int seconds) {
        return sdk.listBackupFileLinks(new ListBackupFileLinksRequest()
                .withInstanceId(instance)
                .withBackupId(backup)
                .withBody(new DownloadBackupFilesReq().withExpiration(seconds)));
    }

    private static byte[] download(LinksItem link) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(link.getLink())).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    private static void assertError(int status, String code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ServiceResponseException.class, refused -> {
            assertThat(refused.getErrorCode()).isEqualTo(code);
            assertThat(refused.getHttpStatusCode()).isEqualTo(status);
            assertThat(refused.getRequestId()).matches("[0-9a-f]{32}");
        });
    }
}
