"""The office's service: repairs and complaints; and the scale both are rated on."""

RATINGS = {
    "5": ("很满意", "Very satisfied"),
    "4": ("满意", "Satisfied"),
    "3": ("一般", "Fair"),
    "2": ("不满意", "Unsatisfied"),
    "1": ("很不满意", "Very unsatisfied"),
}
CHANNELS = {
    "phone": ("电话", "Telephone"),
    "counter": ("前台", "Counter"),
    "visit": ("上门", "Visit"),
    "online": ("网上", "Online"),
    "patrol": ("巡查", "Patrol"),
    "letter": ("来函", "Letter"),
}
