/// What a director with something of everything says in the format 0.0.4.
let metricsGolden = """
    # HELP tandem_build_info Always 1; its labels say what runs here
    # TYPE tandem_build_info gauge
    tandem_build_info{version="0.1",pair="edge",director="lb1"} 1
    # HELP tandem_start_time_seconds When the daemon started, since the Unix epoch
    # TYPE tandem_start_time_seconds gauge
    tandem_start_time_seconds 1700000000
    # HELP tandem_warnings Sentences under warnings of the status
    # TYPE tandem_warnings gauge
    tandem_warnings 0
    # HELP tandem_peer_state 1 for the state that the peer is in
    # TYPE tandem_peer_state gauge
    tandem_peer_state{peer="lb2",state="heard"} 1
    tandem_peer_state{peer="lb2",state="lost"} 0
    tandem_peer_state{peer="lb2",state="never"} 0
    tandem_peer_state{peer="lb2",state="left"} 0
    # HELP tandem_peer_state_start_time_seconds When the state of the peer began, since the Unix epoch
    # TYPE tandem_peer_state_start_time_seconds gauge
    tandem_peer_state_start_time_seconds{peer="lb2"} 1700000001
    # HELP tandem_peer_restarts_total How often the peer came back as another process or after a boot
    # TYPE tandem_peer_restarts_total counter
    tandem_peer_restarts_total{peer="lb2"} 1
    # HELP tandem_peer_session_start_time_seconds When the present session began, since the Unix epoch
    # TYPE tandem_peer_session_start_time_seconds gauge
    tandem_peer_session_start_time_seconds{peer="lb2"} 1700000001
    # HELP tandem_in_sync 1: both directors have the same configuration and tables; absent: nobody knows
    # TYPE tandem_in_sync gauge
    tandem_in_sync 1
    # HELP tandem_witness_up 1: the witness answers
    # TYPE tandem_witness_up gauge
    tandem_witness_up{witness="192.0.2.9:5391"} 1
    # HELP tandem_witness_round_trip_seconds From the newest question to the witness to its answer
    # TYPE tandem_witness_round_trip_seconds gauge
    tandem_witness_round_trip_seconds{witness="192.0.2.9:5391"} 0.00075
    # HELP tandem_witness_restarts_total How often the witness came back as another process
    # TYPE tandem_witness_restarts_total counter
    tandem_witness_restarts_total{witness="192.0.2.9:5391"} 2
    # HELP tandem_warm 1: the director could take over without a loss
    # TYPE tandem_warm gauge
    tandem_warm{director="lb1"} 1
    tandem_warm{director="lb2"} 0
    # HELP tandem_connections_known Established connections that the director knows
    # TYPE tandem_connections_known gauge
    tandem_connections_known{director="lb1"} 1000
    tandem_connections_known{director="lb2"} 5
    # HELP tandem_connections_wanted Established connections that it should know, of the other director
    # TYPE tandem_connections_wanted gauge
    tandem_connections_wanted{director="lb1"} 1005
    tandem_connections_wanted{director="lb2"} 1000
    # HELP tandem_standby 1: the director is in standby
    # TYPE tandem_standby gauge
    tandem_standby{director="lb1"} 0
    tandem_standby{director="lb2"} 1
    # HELP tandem_paused 1: the pair is paused
    # TYPE tandem_paused gauge
    tandem_paused 0
    # HELP tandem_overrides Drains and weights by hand that are in force
    # TYPE tandem_overrides gauge
    tandem_overrides{kind="drain"} 2
    tandem_overrides{kind="weight"} 0
    # HELP tandem_configuration_loaded_time_seconds When the configuration came into force
    # TYPE tandem_configuration_loaded_time_seconds gauge
    tandem_configuration_loaded_time_seconds 1700000000
    # HELP tandem_configuration_refused 1: the newest reload was refused
    # TYPE tandem_configuration_refused gauge
    tandem_configuration_refused 0
    # HELP tandem_heartbeat_interval_seconds From one heartbeat to the next
    # TYPE tandem_heartbeat_interval_seconds gauge
    tandem_heartbeat_interval_seconds 0.2
    # HELP tandem_takeover_time_seconds The silence after which a peer counts as lost
    # TYPE tandem_takeover_time_seconds gauge
    tandem_takeover_time_seconds 1
    # HELP tandem_heart_lateness_seconds How late the heart woke, at worst within the window
    # TYPE tandem_heart_lateness_seconds gauge
    tandem_heart_lateness_seconds{director="lb1",window="1s"} 0.00025
    tandem_heart_lateness_seconds{director="lb1",window="10s"} 0.0015
    tandem_heart_lateness_seconds{director="lb1",window="1m"} 0.012
    tandem_heart_lateness_seconds{director="lb2",window="1s"} 0
    tandem_heart_lateness_seconds{director="lb2",window="10s"} 0
    tandem_heart_lateness_seconds{director="lb2",window="1m"} 0.003
    # HELP tandem_checks Checks that there are; those that services share count once
    # TYPE tandem_checks gauge
    tandem_checks 2
    # HELP tandem_checks_running Checks without a result yet
    # TYPE tandem_checks_running gauge
    tandem_checks_running 1
    # HELP tandem_checks_waiting Checks that are due and have not begun
    # TYPE tandem_checks_waiting gauge
    tandem_checks_waiting 0
    # HELP tandem_checks_begun_total Checks that have begun
    # TYPE tandem_checks_begun_total counter
    tandem_checks_begun_total 12345678901
    # HELP tandem_checks_failed_total Checks that have ended in a failure
    # TYPE tandem_checks_failed_total counter
    tandem_checks_failed_total 17
    # HELP tandem_check_delay_seconds How long after its moment a check began, at worst within the window
    # TYPE tandem_check_delay_seconds gauge
    tandem_check_delay_seconds{window="1s"} 0.002
    tandem_check_delay_seconds{window="10s"} 0.003
    tandem_check_delay_seconds{window="1m"} 0.004
    # HELP tandem_sync_daemon_running 1: the sync daemon of the director's kernel runs
    # TYPE tandem_sync_daemon_running gauge
    tandem_sync_daemon_running{director="lb1",daemon="master"} 1
    tandem_sync_daemon_running{director="lb1",daemon="backup"} 1
    tandem_sync_daemon_running{director="lb2",daemon="master"} 1
    tandem_sync_daemon_running{director="lb2",daemon="backup"} 0
    # HELP tandem_sync_connections Connections in the director's kernel
    # TYPE tandem_sync_connections gauge
    tandem_sync_connections{director="lb1",group="web",kind="established"} 1000
    tandem_sync_connections{director="lb1",group="web",kind="other"} 5
    tandem_sync_connections{director="lb1",group="web",kind="udp"} 2
    tandem_sync_connections{director="lb1",group="web",kind="masqueraded"} 0
    tandem_sync_connections{director="lb1",group="web",kind="template"} 0
    # HELP tandem_sync_telling 1: the peer is being told of connections that it missed
    # TYPE tandem_sync_telling gauge
    tandem_sync_telling 0
    # HELP tandem_path_up 1: something of the peer's came on the path within the takeover time
    # TYPE tandem_path_up gauge
    tandem_path_up{path="1",local="192.0.2.2",peer="192.0.2.3"} 1
    tandem_path_up{path="2",local="10.9.0.2",peer="10.9.0.3"} 0
    # HELP tandem_path_heard_by_peer 1: the peer says that it hears this director on the path
    # TYPE tandem_path_heard_by_peer gauge
    tandem_path_heard_by_peer{path="1",local="192.0.2.2",peer="192.0.2.3"} 0
    # HELP tandem_path_loss_ratio Share of the peer's recent heartbeats that did not arrive, 0 to 1
    # TYPE tandem_path_loss_ratio gauge
    tandem_path_loss_ratio{path="1",local="192.0.2.2",peer="192.0.2.3"} 0.0025
    # HELP tandem_path_round_trip_seconds From a heartbeat to its echo, without the time that the peer kept it
    # TYPE tandem_path_round_trip_seconds gauge
    tandem_path_round_trip_seconds{path="1",local="192.0.2.2",peer="192.0.2.3"} 0.0005
    # HELP tandem_path_silence_seconds Time since something of the peer's came on the path
    # TYPE tandem_path_silence_seconds gauge
    tandem_path_silence_seconds{path="1",local="192.0.2.2",peer="192.0.2.3"} 0.125
    # HELP tandem_heartbeats_sent_total Heartbeats that were sent on the path
    # TYPE tandem_heartbeats_sent_total counter
    tandem_heartbeats_sent_total{path="1",local="192.0.2.2",peer="192.0.2.3"} 9000
    tandem_heartbeats_sent_total{path="2",local="10.9.0.2",peer="10.9.0.3"} 4
    # HELP tandem_heartbeats_heard_total Heartbeats of the peer that arrived on the path
    # TYPE tandem_heartbeats_heard_total counter
    tandem_heartbeats_heard_total{path="1",local="192.0.2.2",peer="192.0.2.3"} 8990
    tandem_heartbeats_heard_total{path="2",local="10.9.0.2",peer="10.9.0.3"} 0
    # HELP tandem_heartbeats_missed_total Heartbeats of the peer that later ones show to be missing on the path
    # TYPE tandem_heartbeats_missed_total counter
    tandem_heartbeats_missed_total{path="1",local="192.0.2.2",peer="192.0.2.3"} 10
    tandem_heartbeats_missed_total{path="2",local="10.9.0.2",peer="10.9.0.3"} 0
    # HELP tandem_datagrams_refused_total Datagrams to the heartbeats' port that were refused
    # TYPE tandem_datagrams_refused_total counter
    tandem_datagrams_refused_total{reason="replayed"} 2
    tandem_datagrams_refused_total{reason="too short"} 0
    # HELP tandem_gateway_up 1: the gateway answers; absent: it has not been asked often enough yet
    # TYPE tandem_gateway_up gauge
    tandem_gateway_up{gateway="192.0.2.1",interface="eth0"} 1
    # HELP tandem_gateway_round_trip_seconds Until the gateway answered, at worst and lately
    # TYPE tandem_gateway_round_trip_seconds gauge
    tandem_gateway_round_trip_seconds{gateway="192.0.2.1",interface="eth0"} 0.001
    # HELP tandem_group_role 1 for the role that this director has in the group
    # TYPE tandem_group_role gauge
    tandem_group_role{group="web",role="waiting"} 0
    tandem_group_role{group="web",role="returning"} 0
    tandem_group_role{group="web",role="backup"} 0
    tandem_group_role{group="web",role="claiming"} 0
    tandem_group_role{group="web",role="active"} 1
    tandem_group_role{group="web",role="giving"} 0
    tandem_group_role{group="web",role="moving"} 0
    tandem_group_role{group="web",role="releasing"} 0
    # HELP tandem_group_role_start_time_seconds When that role began, since the Unix epoch
    # TYPE tandem_group_role_start_time_seconds gauge
    tandem_group_role_start_time_seconds{group="web"} 1700000002
    # HELP tandem_group_term The highest number of a claim of the group that is known
    # TYPE tandem_group_term gauge
    tandem_group_term{group="web"} 3
    # HELP tandem_group_addresses Addresses of the group by where they are at this director
    # TYPE tandem_group_addresses gauge
    tandem_group_addresses{group="web",state="here"} 1
    tandem_group_addresses{group="web",state="lo"} 0
    tandem_group_addresses{group="web",state="absent"} 0
    # HELP tandem_group_addresses_withdrawn Addresses on no director, for want of servers of a service
    # TYPE tandem_group_addresses_withdrawn gauge
    tandem_group_addresses_withdrawn{group="web"} 0
    # HELP tandem_group_takeovers_total How often this director took the group over from nobody
    # TYPE tandem_group_takeovers_total counter
    tandem_group_takeovers_total{group="web"} 1
    # HELP tandem_group_handovers_total How often the group was handed over, to this director or by it
    # TYPE tandem_group_handovers_total counter
    tandem_group_handovers_total{group="web",direction="taken"} 2
    tandem_group_handovers_total{group="web",direction="given"} 3
    # HELP tandem_group_fitness How fit the director is to hold the group, 0 to 100
    # TYPE tandem_group_fitness gauge
    tandem_group_fitness{group="web",director="lb1"} 60
    tandem_group_fitness{group="web",director="lb2"} 100
    # HELP tandem_tracker_failing 1: the tracker fails; of the built-in ones only those that do are here
    # TYPE tandem_tracker_failing gauge
    tandem_tracker_failing{group="web",tracker="script /usr/local/bin/check \\"uplink\\""} 1
    # HELP tandem_foreign_claims Claims of the group's addresses by others within the last minute
    # TYPE tandem_foreign_claims gauge
    tandem_foreign_claims{group="web"} 3
    # HELP tandem_table_state 1 for the state that the kernel's table is in
    # TYPE tandem_table_state gauge
    tandem_table_state{state="ok"} 1
    tandem_table_state{state="pending"} 0
    tandem_table_state{state="failed"} 0
    tandem_table_state{state="no_ip_vs"} 0
    # HELP tandem_table_foreign_services Services in the kernel's table that are not Tandem's
    # TYPE tandem_table_foreign_services gauge
    tandem_table_foreign_services 1
    # HELP tandem_table_drifts_total Changes of the kernel's table by others that were found and put right
    # TYPE tandem_table_drifts_total counter
    tandem_table_drifts_total 4
    # HELP tandem_table_refusals_total Changes of its table that the kernel refused
    # TYPE tandem_table_refusals_total counter
    tandem_table_refusals_total 5
    # HELP tandem_service_servers Servers of the service by verdict
    # TYPE tandem_service_servers gauge
    tandem_service_servers{service="web",verdict="up"} 2
    tandem_service_servers{service="web",verdict="down"} 1
    tandem_service_servers{service="web",verdict="unknown"} 1
    # HELP tandem_service_disputed_servers Servers of the service that the directors see differently
    # TYPE tandem_service_disputed_servers gauge
    tandem_service_disputed_servers{service="web"} 1
    # HELP tandem_server_up 1: the server is up for both directors; absent: nobody knows yet
    # TYPE tandem_server_up gauge
    tandem_server_up{service="web",server="10.1.0.21:80"} 1
    tandem_server_up{service="web",server="10.1.0.22:80"} 1
    tandem_server_up{service="web",server="10.1.0.23:80"} 0
    # HELP tandem_server_disputed 1: the directors see the server differently
    # TYPE tandem_server_disputed gauge
    tandem_server_disputed{service="web",server="10.1.0.21:80"} 0
    tandem_server_disputed{service="web",server="10.1.0.22:80"} 0
    tandem_server_disputed{service="web",server="10.1.0.23:80"} 1
    tandem_server_disputed{service="web",server="10.1.0.24:80"} 0
    # HELP tandem_server_silent 1: new connections go to the server and nothing comes back
    # TYPE tandem_server_silent gauge
    tandem_server_silent{service="web",server="10.1.0.21:80"} 0
    tandem_server_silent{service="web",server="10.1.0.22:80"} 0
    tandem_server_silent{service="web",server="10.1.0.23:80"} 0
    tandem_server_silent{service="web",server="10.1.0.24:80"} 0
    # HELP tandem_server_weight The weight that the server should have while it is up
    # TYPE tandem_server_weight gauge
    tandem_server_weight{service="web",server="10.1.0.21:80"} 1
    tandem_server_weight{service="web",server="10.1.0.22:80"} 0
    tandem_server_weight{service="web",server="10.1.0.23:80"} 9
    tandem_server_weight{service="web",server="10.1.0.24:80"} 1
    # HELP tandem_ipvs_service_connections_total Connections to the service since it is in the table
    # TYPE tandem_ipvs_service_connections_total counter
    tandem_ipvs_service_connections_total{service="web",listen="tcp://192.0.2.10:80"} 7
    tandem_ipvs_service_connections_total{service="",listen="fwmark://7"} 1
    # HELP tandem_ipvs_service_packets_total Packets of the service; out is counted with nat alone
    # TYPE tandem_ipvs_service_packets_total counter
    tandem_ipvs_service_packets_total{service="web",listen="tcp://192.0.2.10:80",direction="in"} 70
    tandem_ipvs_service_packets_total{service="web",listen="tcp://192.0.2.10:80",direction="out"} 0
    tandem_ipvs_service_packets_total{service="",listen="fwmark://7",direction="in"} 0
    tandem_ipvs_service_packets_total{service="",listen="fwmark://7",direction="out"} 2
    # HELP tandem_ipvs_service_bytes_total Bytes of the service; out is counted with nat alone
    # TYPE tandem_ipvs_service_bytes_total counter
    tandem_ipvs_service_bytes_total{service="web",listen="tcp://192.0.2.10:80",direction="in"} 7000
    tandem_ipvs_service_bytes_total{service="web",listen="tcp://192.0.2.10:80",direction="out"} 0
    tandem_ipvs_service_bytes_total{service="",listen="fwmark://7",direction="in"} 0
    tandem_ipvs_service_bytes_total{service="",listen="fwmark://7",direction="out"} 3
    # HELP tandem_ipvs_server_weight The weight that the kernel has for the server
    # TYPE tandem_ipvs_server_weight gauge
    tandem_ipvs_server_weight{service="web",listen="tcp://192.0.2.10:80",server="10.1.0.21:80"} 1
    # HELP tandem_ipvs_server_active_connections Established connections of the server
    # TYPE tandem_ipvs_server_active_connections gauge
    tandem_ipvs_server_active_connections{service="web",listen="tcp://192.0.2.10:80",server="10.1.0.21:80"} 3
    # HELP tandem_ipvs_server_inactive_connections Other connections of the server
    # TYPE tandem_ipvs_server_inactive_connections gauge
    tandem_ipvs_server_inactive_connections{service="web",listen="tcp://192.0.2.10:80",server="10.1.0.21:80"} 4
    # HELP tandem_ipvs_server_templates What keeps clients with the server
    # TYPE tandem_ipvs_server_templates gauge
    tandem_ipvs_server_templates{service="web",listen="tcp://192.0.2.10:80",server="10.1.0.21:80"} 5
    # HELP tandem_ipvs_server_connections_total Connections to the server since it is in the table
    # TYPE tandem_ipvs_server_connections_total counter
    tandem_ipvs_server_connections_total{service="web",listen="tcp://192.0.2.10:80",server="10.1.0.21:80"} 7
    # HELP tandem_ipvs_server_packets_total Packets of the server; out is counted with nat alone
    # TYPE tandem_ipvs_server_packets_total counter
    tandem_ipvs_server_packets_total{service="web",listen="tcp://192.0.2.10:80",server="10.1.0.21:80",direction="in"} 70
    tandem_ipvs_server_packets_total{service="web",listen="tcp://192.0.2.10:80",server="10.1.0.21:80",direction="out"} 0
    # HELP tandem_ipvs_server_bytes_total Bytes of the server; out is counted with nat alone
    # TYPE tandem_ipvs_server_bytes_total counter
    tandem_ipvs_server_bytes_total{service="web",listen="tcp://192.0.2.10:80",server="10.1.0.21:80",direction="in"} 18446744073709551615
    tandem_ipvs_server_bytes_total{service="web",listen="tcp://192.0.2.10:80",server="10.1.0.21:80",direction="out"} 0

    """
