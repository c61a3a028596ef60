//! The code pages (MS-ASWBXML section 2.1.2.1).

/// Page, namespace, and the names of its tags from token `0x05` upward; `-` where a token has none.
const PAGES: &[(u8, &str, &str)] = &[
    (
        0,
        "AirSync",
        "Sync Responses Add Change Delete Fetch SyncKey ClientId ServerId Status Collection Class Version \
         CollectionId GetChanges MoreAvailable WindowSize Commands Options FilterType Truncation \
         RTFTruncation Conflict Collections ApplicationData DeletesAsMoves NotifyGUID Supported \
         SoftDelete MIMESupport MIMETruncation Wait Limit Partial ConversationMode MaxItems \
         HeartbeatInterval",
    ),
    (
        1,
        "Contacts",
        "Anniversary AssistantName AssistantTelephoneNumber Birthday Body BodySize BodyTruncated \
         Business2PhoneNumber BusinessCity BusinessCountry BusinessPostalCode BusinessState \
         BusinessStreet BusinessFaxNumber BusinessPhoneNumber CarPhoneNumber Categories Category Children \
         Child CompanyName Department Email1Address Email2Address Email3Address FileAs FirstName \
         Home2PhoneNumber HomeCity HomeCountry HomePostalCode HomeState HomeStreet HomeFaxNumber \
         HomePhoneNumber JobTitle LastName MiddleName MobilePhoneNumber OfficeLocation OtherCity \
         OtherCountry OtherPostalCode OtherState OtherStreet PagerNumber RadioPhoneNumber Spouse Suffix \
         Title WebPage YomiCompanyName YomiFirstName YomiLastName CompressedRTF Picture Alias \
         WeightedRank",
    ),
    (
        2,
        "Email",
        "Attachment Attachments AttName AttSize AttOId AttMethod AttRemoved Body BodySize BodyTruncated \
         DateReceived DisplayName DisplayTo Importance MessageClass Subject Read To Cc From ReplyTo \
         AllDayEvent Categories Category DtStamp EndTime InstanceType BusyStatus Location MeetingRequest \
         Organizer RecurrenceId Reminder ResponseRequested Recurrences Recurrence Type Until Occurrences \
         Interval DayOfWeek DayOfMonth WeekOfMonth MonthOfYear StartTime Sensitivity TimeZone GlobalObjId \
         ThreadTopic MIMEData MIMETruncated MIMESize InternetCPID Flag FlagStatus ContentClass FlagType \
         CompleteTime DisallowNewTimeProposal",
    ),
    (
        3,
        "AirNotify",
        "Notify Notification Version LifeTime DeviceInfo Enable Folder ServerId DeviceAddress \
         ValidCarrierProfiles CarrierProfile Status Responses Devices Device Id Expiry NotifyGUID \
         DeviceFriendlyName",
    ),
    (
        4,
        "Calendar",
        "Timezone AllDayEvent Attendees Attendee Email Name Body BodyTruncated BusyStatus Categories \
         Category CompressedRTF DtStamp EndTime Exception Exceptions Deleted ExceptionStartTime Location \
         MeetingStatus OrganizerEmail OrganizerName Recurrence Type Until Occurrences Interval DayOfWeek \
         DayOfMonth WeekOfMonth MonthOfYear Reminder Sensitivity Subject StartTime UID AttendeeStatus \
         AttendeeType - - - - - - - - DisallowNewTimeProposal ResponseRequested AppointmentReplyTime \
         ResponseType CalendarType IsLeapMonth FirstDayOfWeek OnlineMeetingConfLink \
         OnlineMeetingExternalLink ClientUid",
    ),
    (5, "Move", "MoveItems Move SrcMsgId SrcFldId DstFldId Response Status DstMsgId"),
    (
        6,
        "GetItemEstimate",
        "GetItemEstimate Version Collections Collection Class CollectionId DateTime Estimate Response \
         Status",
    ),
    (
        7,
        "FolderHierarchy",
        "Folders Folder DisplayName ServerId ParentId Type Response Status ContentClass Changes Add \
         Delete Update SyncKey FolderCreate FolderDelete FolderUpdate FolderSync Count Version",
    ),
    (
        8,
        "MeetingResponse",
        "CalendarId CollectionId MeetingResponse RequestId Request Result Status UserResponse Version \
         InstanceId - ProposedStartTime ProposedEndTime SendResponse",
    ),
    (
        9,
        "Tasks",
        "Body BodySize BodyTruncated Categories Category Complete DateCompleted DueDate UtcDueDate \
         Importance Recurrence Type Start Until Occurrences Interval DayOfMonth DayOfWeek WeekOfMonth \
         MonthOfYear Regenerate DeadOccur ReminderSet ReminderTime Sensitivity StartDate UtcStartDate \
         Subject CompressedRTF OrdinalDate SubOrdinalDate CalendarType IsLeapMonth FirstDayOfWeek",
    ),
    (
        10,
        "ResolveRecipients",
        "ResolveRecipients Response Status Type Recipient DisplayName EmailAddress Certificates \
         Certificate MiniCertificate Options To CertificateRetrieval RecipientCount MaxCertificates \
         MaxAmbiguousRecipients CertificateCount Availability StartTime EndTime MergedFreeBusy Picture \
         MaxSize Data MaxPictures",
    ),
    (11, "ValidateCert", "ValidateCert Certificates Certificate CertificateChain CheckCRL Status"),
    (
        12,
        "Contacts2",
        "CustomerId GovernmentId IMAddress IMAddress2 IMAddress3 ManagerName CompanyMainPhone AccountName \
         NickName MMS",
    ),
    (13, "Ping", "Ping AutdState Status HeartbeatInterval Folders Folder Id Class MaxFolders"),
    (
        14,
        "Provision",
        "Provision Policies Policy PolicyType PolicyKey Data Status RemoteWipe EASProvisionDoc \
         DevicePasswordEnabled AlphanumericDevicePasswordRequired DeviceEncryptionEnabled \
         PasswordRecoveryEnabled DocumentBrowseEnabled AttachmentsEnabled MinDevicePasswordLength \
         MaxInactivityTimeDeviceLock MaxDevicePasswordFailedAttempts MaxAttachmentSize \
         AllowSimpleDevicePassword DevicePasswordExpiration DevicePasswordHistory AllowStorageCard \
         AllowCamera RequireDeviceEncryption AllowUnsignedApplications AllowUnsignedInstallationPackages \
         MinDevicePasswordComplexCharacters AllowWiFi AllowTextMessaging AllowPOPIMAPEmail AllowBluetooth \
         AllowIrDA RequireManualSyncWhenRoaming AllowDesktopSync MaxCalendarAgeFilter AllowHTMLEmail \
         MaxEmailAgeFilter MaxEmailBodyTruncationSize MaxEmailHTMLBodyTruncationSize \
         RequireSignedSMIMEMessages RequireEncryptedSMIMEMessages RequireSignedSMIMEAlgorithm \
         RequireEncryptionSMIMEAlgorithm AllowSMIMEEncryptionAlgorithmNegotiation AllowSMIMESoftCerts \
         AllowBrowser AllowConsumerEmail AllowRemoteDesktop AllowInternetSharing \
         UnapprovedInROMApplicationList ApplicationName ApprovedApplicationList Hash \
         AccountOnlyRemoteWipe",
    ),
    (
        15,
        "Search",
        "Search - Store Name Query Options Range Status Response Result Properties Total EqualTo Value \
         And Or FreeText - DeepTraversal LongId RebuildResults LessThan GreaterThan Schema Supported \
         UserName Password ConversationId Picture MaxSize MaxPictures",
    ),
    (
        16,
        "GAL",
        "DisplayName Phone Office Title Company Alias FirstName LastName HomePhone MobilePhone \
         EmailAddress Picture Status Data",
    ),
    (
        17,
        "AirSyncBase",
        "BodyPreference Type TruncationSize AllOrNone - Body Data EstimatedDataSize Truncated Attachments \
         Attachment DisplayName FileReference Method ContentId ContentLocation IsInline NativeBodyType \
         ContentType Preview BodyPartPreference BodyPart Status Add Delete ClientId Content Location \
         Annotation Street City State Country PostalCode Latitude Longitude Accuracy Altitude \
         AltitudeAccuracy LocationUri InstanceId",
    ),
    (
        18,
        "Settings",
        "Settings Status Get Set Oof OofState StartTime EndTime OofMessage AppliesToInternal \
         AppliesToExternalKnown AppliesToExternalUnknown Enabled ReplyMessage BodyType DevicePassword \
         Password DeviceInformation Model IMEI FriendlyName OS OSLanguage PhoneNumber UserInformation \
         EmailAddresses SMTPAddress UserAgent EnableOutboundSMS MobileOperator PrimarySmtpAddress \
         Accounts Account AccountId AccountName UserDisplayName SendDisabled - \
         RightsManagementInformation",
    ),
    (
        19,
        "DocumentLibrary",
        "LinkId DisplayName IsFolder CreationDate LastModifiedDate IsHidden ContentLength ContentType",
    ),
    (
        20,
        "ItemOperations",
        "ItemOperations Fetch Store Options Range Total Properties Data Status Response Version Schema \
         Part EmptyFolderContents DeleteSubFolders UserName Password Move DstFldId ConversationId \
         MoveAlways",
    ),
    (
        21,
        "ComposeMail",
        "SendMail SmartForward SmartReply SaveInSentItems ReplaceMime - Source FolderId ItemId LongId \
         InstanceId Mime ClientId Status AccountId - Forwardees Forwardee Name Email",
    ),
    (
        22,
        "Email2",
        "UmCallerID UmUserNotes UmAttDuration UmAttOrder ConversationId ConversationIndex \
         LastVerbExecuted LastVerbExecutionTime ReceivedAsBcc Sender CalendarType IsLeapMonth AccountId \
         FirstDayOfWeek MeetingMessageType - IsDraft Bcc Send",
    ),
    (23, "Notes", "Subject MessageClass LastModifiedDate Categories Category"),
    (
        24,
        "RightsManagement",
        "RightsManagementSupport RightsManagementTemplates RightsManagementTemplate \
         RightsManagementLicense EditAllowed ReplyAllowed ReplyAllAllowed ForwardAllowed \
         ModifyRecipientsAllowed ExtractAllowed PrintAllowed ExportAllowed ProgrammaticAccessAllowed \
         Owner ContentExpiryDate TemplateID TemplateName TemplateDescription ContentOwner \
         RemoveRightsManagementProtection",
    ),
    (
        25,
        "Find",
        "Find SearchId ExecuteSearch MailBoxSearchCriterion Query Status FreeText Options Range \
         DeepTraversal - - Response Result Properties Preview HasAttachments Total DisplayCc DisplayBcc \
         GalSearchCriterion - - - - - - MaxPictures MaxSize Picture",
    ),
];

/// The namespace of a code page.
pub fn page_name(page: u8) -> Option<&'static str> {
    PAGES.iter().find(|(number, ..)| *number == page).map(|(_, name, _)| *name)
}

/// The name of a tag.
pub(super) fn tag_name(page: u8, token: u8) -> Option<&'static str> {
    let (.., tags) = PAGES.iter().find(|(number, ..)| *number == page)?;
    let name = tags.split_ascii_whitespace().nth(usize::from(token.checked_sub(super::LOWEST)?))?;
    (name != "-").then_some(name)
}
